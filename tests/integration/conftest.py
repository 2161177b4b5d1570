"""What every integration test starts from: settings that point at the real broker and database, nothing shared."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from deploy.embedded import Access
from shared import mongo
from shared.settings import MongoSettings, ServiceSettings


@pytest.fixture
def prefix() -> str:
    """A topic prefix and database name of this test alone."""
    return f"t{secrets.token_hex(4)}."


@pytest.fixture
def access(kafka: Access, prefix: str) -> Access:
    """The broker as seen by this test's own users; nothing is provisioned yet."""
    return replace(kafka, prefix=prefix)


@pytest.fixture
def settings(access: Access, mongo_url: str, prefix: str) -> ServiceSettings:
    """Settings in a world of its own, as the administrator: each service's tests put its own user in."""
    return ServiceSettings(
        topic_prefix=prefix,
        instance=prefix.rstrip("."),
        kafka=access.settings(session_timeout_ms=6000),
        mongo=MongoSettings(url=SecretStr(mongo_url), database=prefix.rstrip(".")),
    )


@pytest.fixture
async def database(settings: ServiceSettings) -> AsyncIterator[mongo.Database]:
    """The test's own database; dropped afterwards, with the keys of a vault in it."""
    client = mongo.connect(settings.mongo.connection_string())
    yield mongo.database(client, settings.mongo.database)
    for name in (settings.mongo.database, f"{settings.mongo.database}_keys"):
        await client.drop_database(name)
    client.close()
