"""The agencies' own systems: each reads its inbox topic and writes its script to its outbox topic."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.demo.caseload import Case, Step
from deploy.embedded.access import Access
from shared.broker import connection
from shared.topics import inbox, outbox


def written(agency: str, referral: str, step: Step) -> dict[str, Any]:
    """A step as the CloudEvent that the agency writes."""
    kind, data = step
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"/agencies/{agency}",
        "type": f"org.rhtrt.agency.{kind}.v1",
        "subject": referral,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }


class System:
    """One agency's own system: connects from outside, with TLS and the agency's user."""

    def __init__(self, agency: str, kafka: Access) -> None:
        self.agency = agency
        outside = connection(kafka.outside_settings(agency, client_id=agency))
        self._inbox = AIOKafkaConsumer(inbox(agency), **outside)
        self._outbox = AIOKafkaProducer(**outside, acks="all", enable_idempotence=True)

    async def start(self) -> None:
        """Connects, and reads what comes from now on."""
        await asyncio.gather(self._inbox.start(), self._outbox.start())
        await self._inbox.seek_to_end()

    async def stop(self) -> None:
        """Closes both connections."""
        await asyncio.gather(self._inbox.stop(), self._outbox.stop())

    async def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """What came into the inbox since, as (topic, event); waits a tenth of a second for it at most."""
        batches = await self._inbox.getmany(timeout_ms=100)
        return [(record.topic, json.loads(record.value)) for records in batches.values() for record in records]

    async def say(self, referral: str, step: Step) -> None:
        """Writes a step to the outbox."""
        event = json.dumps(written(self.agency, referral, step)).encode()
        await self._outbox.send_and_wait(outbox(self.agency), event, key=referral.encode())


class Players:
    """Plays each agency's script once, when its offer is in its inbox."""

    def __init__(self, systems: Sequence[System]) -> None:
        self._systems = {system.agency: system for system in systems}
        self._played: set[tuple[str, str]] = set()

    async def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """What came into all inboxes since."""
        return [event for events in await asyncio.gather(*[s.heard() for s in self._systems.values()]) for event in events]

    async def play(self, offer: Mapping[str, Any], case: Case) -> None:
        """Answers one offer, as the case's script says; silence is an answer too."""
        agency, referral = offer["data"]["agency"], offer["subject"]
        if (agency, referral) in self._played:
            return
        self._played.add((agency, referral))
        for step in case.script.get(agency, ()):
            await self._systems[agency].say(referral, step)
