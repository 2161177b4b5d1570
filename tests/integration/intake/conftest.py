"""A running intake, with a database and a topic of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.intake.settings import IntakeSettings
from shared import mongo
from shared.provision import create_topics
from shared.settings import ServiceSettings
from shared.topics import INTAKE, Topic
from tests.integration.intake.door import PARTITIONS, Door, open_door, write_secret


@pytest.fixture
def intake_settings(settings: ServiceSettings, database: mongo.Database, kafka_address: str, tmp_path: Path) -> IntakeSettings:
    """Settings of intake; its topic exists, its database goes with the test."""
    create_topics(kafka_address, [Topic(settings.topic(INTAKE), PARTITIONS)])
    return IntakeSettings(**dict(settings), receipt_secret_file=write_secret(tmp_path))


@pytest.fixture
async def door(intake_settings: IntakeSettings, kafka_address: str) -> AsyncIterator[Door]:
    async with open_door(intake_settings, kafka_address) as door:
        yield door
