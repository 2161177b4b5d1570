"""What commands on the host work with: the database and the secrets, without a service around them."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from services.intake.audit.store import Audit, audit_of
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from services.intake.vault.keyring import Keyring, read_keyring
from services.intake.vault.vault import Vault
from shared import mongo
from shared.command_line import console
from shared.delivery.errors import Unavailable


@dataclass(frozen=True)
class Workbench:
    """A secret is read when a command first needs it. OSError or ValueError where it cannot be used."""

    settings: IntakeSettings
    client: mongo.Client

    @cached_property
    def database(self) -> mongo.Database:
        """Intake's own."""
        return mongo.database(self.client, self.settings.mongo.database or "intake")

    @cached_property
    def keyring(self) -> Keyring:
        """The master keys."""
        return read_keyring(self.settings.vault_keyring_file)

    @cached_property
    def vault(self) -> Vault:
        """The details' keys."""
        return Vault(self.client, self.database, self.keyring)

    @cached_property
    def audit(self) -> Audit:
        """The record of what was done."""
        return audit_of(self.database, read_seal(self.settings.receipt_secret_file))


def work(do: Callable[[Workbench], Awaitable[int]]) -> NoReturn:
    """Does it and ends with its exit status; with 2 and a plain sentence where something is missing."""
    sys.exit(asyncio.run(_work(do)))


async def _work(do: Callable[[Workbench], Awaitable[int]]) -> int:
    settings = IntakeSettings()
    client = mongo.connect(settings.mongo.connection_string())
    try:
        return await do(Workbench(settings, client))
    except (Unavailable, *mongo.UNAVAILABLE) as error:
        console.print(
            f"The database does not answer ({type(error).__name__}). Is MONGO_URL right?", markup=False, highlight=False
        )
    except (OSError, ValueError) as error:
        console.print(str(error), markup=False, highlight=False)
    finally:
        client.close()
    return 2
