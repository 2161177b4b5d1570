"""A running intake, with a database and a topic of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded import Access
from deploy.embedded.service import ensure_keyring
from services.intake.access.handlers import GROUP
from services.intake.settings import IntakeSettings
from shared import mongo
from shared.settings import ServiceSettings
from shared.topics import ACTIVITY, INTAKE, Topic, dead_topic
from tests.bus import provision
from tests.integration.intake.door import PARTITIONS, Door, open_door, write_secret


@pytest.fixture
def intake_settings(settings: ServiceSettings, database: mongo.Database, access: Access, tmp_path: Path) -> IntakeSettings:
    """Settings of intake; its topics exist."""
    names = (INTAKE, ACTIVITY, dead_topic(ACTIVITY, GROUP))
    provision(access, topics=[Topic(settings.topic(name), PARTITIONS) for name in names])
    own = {"kafka": access.settings("intake", session_timeout_ms=6000)}
    secrets = {"receipt_secret_file": write_secret(tmp_path), "vault_keyring_file": ensure_keyring(tmp_path / "keyring")}
    return IntakeSettings(**dict(settings) | own | secrets)


@pytest.fixture
async def door(intake_settings: IntakeSettings, access: Access) -> AsyncIterator[Door]:
    async with open_door(intake_settings, access) as door:
        yield door
