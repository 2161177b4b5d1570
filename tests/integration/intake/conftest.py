"""A running intake, with a database and a topic of its own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.embedded import Access
from deploy.embedded.service import ensure_keyring
from services.intake.access.handlers import GROUP
from services.intake.settings import IntakeSettings
from services.intake.vault.vault import KEYS_SUFFIX
from shared import mongo
from shared.settings import MongoSettings, ServiceSettings
from shared.topics import ACTIVITY, INTAKE, Topic, dead_topic
from tests.bus import provision
from tests.integration.intake.door import PARTITIONS, Door, open_door, write_secret
from tests.integration.intake.reading import Desk, open_desk


@pytest.fixture
def intake_settings(settings: ServiceSettings, database: mongo.Database, access: Access, tmp_path: Path) -> IntakeSettings:
    """Settings of intake; its topics exist."""
    names = (INTAKE, ACTIVITY, dead_topic(ACTIVITY, GROUP))
    provision(access, topics=[Topic(settings.topic(name), PARTITIONS) for name in names])
    own = {"kafka": access.settings("intake", session_timeout_ms=6000)}
    files = {"receipt_secret_file": write_secret(tmp_path), "vault_keyring_file": ensure_keyring(tmp_path / "keyring")}
    return IntakeSettings(**dict(settings) | own | files)


@pytest.fixture
async def door(intake_settings: IntakeSettings, access: Access) -> AsyncIterator[Door]:
    async with open_door(intake_settings, access) as door:
        yield door


@pytest.fixture(scope="module")
async def desk(kafka: Access, mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """An intake with people and systems that sign in, shared by the tests of a module: each tells referrals of its own."""
    name, folder = f"t{secrets.token_hex(4)}", tmp_path_factory.mktemp("desk")
    access = replace(kafka, prefix=f"{name}.")
    names = (INTAKE, ACTIVITY, dead_topic(ACTIVITY, GROUP))
    provision(access, topics=[Topic(access.prefix + topic, PARTITIONS) for topic in names])
    settings = IntakeSettings(
        topic_prefix=access.prefix,
        instance=name,
        kafka=access.settings("intake", session_timeout_ms=6000),
        mongo=MongoSettings(url=SecretStr(mongo_url), database=name),
        receipt_secret_file=write_secret(folder),
        vault_keyring_file=ensure_keyring(folder / "keyring"),
    )
    async with open_desk(settings, folder, access) as desk:
        yield desk
        for database in (name, name + KEYS_SUFFIX):
            await desk.service.client.drop_database(database)
