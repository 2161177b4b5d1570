"""Intake as a whole, wired but never connected: for what is decided before anything is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from deploy.embedded.service import ensure_keyring
from services.intake.app import build_app
from services.intake.settings import IntakeSettings
from shared.service import Service
from shared.settings import KafkaSettings, MongoSettings

NOBODY = "127.0.0.1:9"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The service, with addresses where nobody listens."""
    secret = tmp_path_factory.mktemp("secret") / "receipt"
    secret.write_text("only for tests, never for people 0123456789")
    return build_app(
        IntakeSettings(
            receipt_secret_file=secret,
            vault_keyring_file=ensure_keyring(secret.with_name("keyring")),
            body_limit_bytes=4096,
            kafka=KafkaSettings(bootstrap_servers=NOBODY),
            mongo=MongoSettings(url=SecretStr(f"mongodb://{NOBODY}/")),
            config_dir=Path("config"),
        )
    )


@pytest.fixture(scope="session")
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the application in memory."""
    transport = httpx.ASGITransport(app=service.http)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        yield client
