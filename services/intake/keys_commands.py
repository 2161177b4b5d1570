"""`python -m services.intake keys`: which master keys are in use, and changing them while everything runs."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from cyclopts import App
from rich.progress import Progress

from services.intake.settings import IntakeSettings
from services.intake.vault.keyring import read_keyring
from services.intake.vault.vault import Vault
from shared import mongo
from shared.command_line import console
from shared.delivery.errors import Unavailable

app = App(name="keys", help="The master keys that wrap the referrals' own keys.")


@app.command
def status() -> None:
    """Say how many referrals' keys each master key wraps, and which one wraps new ones.

    Example: python -m services.intake keys status
    """
    sys.exit(asyncio.run(_with_vault(_status)))


@app.command
def rewrap() -> None:
    """Wrap every referral's key by the current master key. Takes no referral out of use, and can be interrupted and run again.

    Run it when all instances have the new keyring; afterwards the old master key can be taken out of it and destroyed.

    Example: python -m services.intake keys rewrap
    """
    sys.exit(asyncio.run(_with_vault(_rewrap)))


async def _with_vault(work: Callable[[Vault, str], Awaitable[int]]) -> int:
    settings = IntakeSettings()
    client = mongo.connect(settings.mongo.connection_string())
    try:
        keyring = read_keyring(settings.vault_keyring_file)
        vault = Vault(client, mongo.database(client, settings.mongo.database or "intake"), keyring)
        return await work(vault, keyring.current)
    except (Unavailable, OSError, ValueError) as error:
        console.print(f"keys: {error}", markup=False, highlight=False)
        return 1
    finally:
        client.close()


async def _status(vault: Vault, current: str) -> int:
    wrapped = {current: 0} | await vault.wrapped_by()
    for name, keys in sorted(wrapped.items()):
        console.print(f"{name}: {keys} keys{' (current)' if name == current else ''}", highlight=False)
    return 0


async def _rewrap(vault: Vault, current: str) -> int:
    total = sum(keys for name, keys in (await vault.wrapped_by()).items() if name != current)
    done = 0
    with Progress(console=console) as progress:
        task = progress.add_task(f"wrapping by {current}", total=total)
        async for keys in vault.rewrap():
            done += keys
            progress.update(task, completed=done)
    console.print(f"{done} keys are now wrapped by {current}", highlight=False)
    return 0
