"""The agencies' own systems: each reads its inbox topic and writes its script to its outbox topic."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

from deploy.demo.caseload import Case, Step
from shared.topics import outbox


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


class Players:
    """Plays each agency's script once, when its offer is in its inbox."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._played: set[tuple[str, str]] = set()

    async def play(self, offer: Mapping[str, Any], case: Case) -> None:
        """Answers one offer, as the case's script says; silence is an answer too."""
        agency, referral = offer["data"]["agency"], offer["subject"]
        if (agency, referral) in self._played:
            return
        self._played.add((agency, referral))
        for step in case.script.get(agency, ()):
            event = json.dumps(written(agency, referral, step)).encode()
            await self._producer.send_and_wait(outbox(agency), event, key=referral.encode())
