"""Intake on a port of its own, with a real database and no broker: a referral is taken all the same."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import httpx
import uvicorn
from pydantic import SecretStr

from deploy.embedded.ports import free_port
from deploy.embedded.service import ensure_keyring
from services.intake.app import build_app
from services.intake.messages.exchange import Exchange
from services.intake.settings import IntakeSettings
from services.intake.visits.store import VisitStore
from shared.clock import now
from shared.outbox import Relay
from shared.service import Service
from shared.settings import KafkaSettings, MongoSettings
from shared.topics import INTAKE
from tests.integration.intake.door import vault_of
from tests.waiting import eventually

LANDING = "/health/live"


def config_leading_to(address: str, folder: Path) -> Path:
    """A copy of the configuration in which whoever leaves the form is led to `address`."""
    shutil.copytree("config", folder)
    contact = folder / "contact.yaml"
    contact.write_text(re.sub("^leave_to: .*$", f"leave_to: {address}", contact.read_text(), flags=re.MULTILINE))
    return folder


class Served(NamedTuple):
    """The form, in all languages, at its address."""

    address: str
    service: Service

    async def ask(self, text: str) -> None:
        """The coordinator asks whoever sent the latest referral."""
        referrals = self.service.database["referrals"]
        latest = await referrals.find_one(sort=[("received_at", -1)])
        assert latest
        store = VisitStore(referrals, INTAKE, 10)
        exchange = Exchange(store, vault_of(self.service), Relay("asked", referrals, self.service.publisher, now), now)
        await exchange.ask(UUID(latest["_id"]), uuid4(), text)


@asynccontextmanager
async def served(mongo_url: str, folder: Path) -> AsyncIterator[Served]:
    """Whoever leaves the form lands on `LANDING`, on another host."""
    secret = folder / "receipt"
    secret.write_text("only for tests, never for people 0123456789")
    port = free_port()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it would say every second that nobody is there
    service = build_app(
        IntakeSettings(
            receipt_secret_file=secret,
            vault_keyring_file=ensure_keyring(folder / "keyring"),
            offer_unreviewed_languages=True,
            kafka=KafkaSettings(bootstrap_servers="127.0.0.1:9"),
            mongo=MongoSettings(url=SecretStr(mongo_url), database=f"pages{secrets.token_hex(4)}"),
            config_dir=config_leading_to(f"http://127.0.0.1:{port}{LANDING}", folder / "config"),
        )
    )
    server = uvicorn.Server(
        uvicorn.Config(service.http, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve())
    address = f"http://localhost:{port}"
    async with httpx.AsyncClient() as client:

        async def ready() -> bool:
            return server.started and (await client.get(f"{address}/health/startup")).is_success

        await eventually(ready)
        try:
            yield Served(address, service)
        finally:
            await service.client.drop_database(service.database.name)
            server.should_exit = True
            await running
