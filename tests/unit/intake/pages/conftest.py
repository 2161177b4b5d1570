"""The form with nothing behind it, in every language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from deploy.embedded.service import ensure_keyring
from services.intake.app import build_app
from services.intake.settings import IntakeSettings
from shared.settings import KafkaSettings, MongoSettings

NOBODY = "127.0.0.1:9"


@pytest.fixture(scope="session")
async def form(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the form; whatever is sent meets a database that is away."""
    secret = tmp_path_factory.mktemp("secret") / "receipt"
    secret.write_text("only for tests, never for people 0123456789")
    settings = IntakeSettings(
        receipt_secret_file=secret,
        vault_keyring_file=ensure_keyring(secret.with_name("keyring")),
        answer_seconds=0.2,
        offer_unreviewed_languages=True,
        kafka=KafkaSettings(bootstrap_servers=NOBODY),
        mongo=MongoSettings(url=SecretStr(f"mongodb://{NOBODY}/?serverSelectionTimeoutMS=100")),
        config_dir=Path("config"),
    )
    transport = httpx.ASGITransport(app=build_app(settings).http)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        yield client
