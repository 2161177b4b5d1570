"""What every integration test starts from: settings that point at the real broker and database, nothing shared."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from shared import mongo
from shared.settings import KafkaSettings, MongoSettings, ServiceSettings


@pytest.fixture
def prefix() -> str:
    """A topic prefix and database name of this test alone."""
    return f"t{secrets.token_hex(4)}."


@pytest.fixture
def settings(kafka_address: str, mongo_url: str, prefix: str) -> ServiceSettings:
    """Settings of a service in a world of its own."""
    return ServiceSettings(
        topic_prefix=prefix,
        instance=prefix.rstrip("."),
        kafka=KafkaSettings(bootstrap_servers=kafka_address, session_timeout_ms=6000),
        mongo=MongoSettings(url=SecretStr(mongo_url), database=prefix.rstrip(".")),
    )


@pytest.fixture
async def database(settings: ServiceSettings) -> AsyncIterator[mongo.Database]:
    """The test's own database; dropped afterwards."""
    client = mongo.connect(settings.mongo.connection_string())
    yield mongo.database(client, settings.mongo.database)
    await client.drop_database(settings.mongo.database)
    client.close()
