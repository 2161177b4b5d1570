"""What people and agencies do meanwhile: post referrals, repeat what had no answer, accept and decline offers."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.demo.agencies import written
from deploy.demo.caseload import CASES, Case
from shared.broker import connection
from shared.topics import inbox, outbox
from tests.chaos.history import Answer, History, Post
from tests.system import System


class Referrers:
    """Posts referrals through either instance; an unknown end is repeated with the same key until it is known."""

    def __init__(self, world: System, history: History, rng: random.Random) -> None:
        self._urls = [world.services[f"intake-{n}"].url for n in (1, 2)]
        self._history = history
        self._rng = rng

    async def post(self, client: httpx.AsyncClient, case: Case) -> None:
        """Hands in one referral, however long it takes."""
        key = str(uuid.UUID(int=self._rng.getrandbits(128)))
        due, excluded = tuple(case.due), tuple(case.facts.get("excluded_agencies", ()))
        while True:
            outcome, referral = await self._attempt(client, key, case.body)
            self._history.posts.append(Post(key, outcome, referral, due, excluded))
            if outcome != "unknown":
                return
            await asyncio.sleep(0.3)

    async def post_nonsense(self, client: httpx.AsyncClient) -> None:
        """A body that has to be refused."""
        outcome, referral = await self._attempt(client, str(uuid.uuid4()), {"facts": {"reporter": "nobody"}})
        self._history.posts.append(Post("nonsense", outcome, referral, ()))

    async def _attempt(self, client: httpx.AsyncClient, key: str, body: dict[str, Any]) -> tuple[str, str | None]:
        url = f"{self._rng.choice(self._urls)}/api/v1/referrals"
        try:
            answer = await client.post(url, json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            return "unknown", None
        if answer.status_code == httpx.codes.ACCEPTED:
            return "acknowledged", answer.json()["referral_id"]
        return ("unknown" if answer.is_server_error else "refused"), None

    async def run(self, until: Callable[[], bool], every: float) -> None:
        """Posts at a steady pace; returns when all that was begun is known."""
        async with httpx.AsyncClient(timeout=6) as client, asyncio.TaskGroup() as posting:
            while not until():
                case = self._rng.choice(CASES)
                posting.create_task(self.post(client, case))
                if self._rng.random() < 0.05:
                    posting.create_task(self.post_nonsense(client))
                await asyncio.sleep(every)


class Agencies:
    """Every agency reads its inbox and answers offers: most accept, some of them go to work, some decline, some write twice."""

    def __init__(self, world: System, history: History, rng: random.Random) -> None:
        self._ids = world.agencies.ids
        # As the administrator: one client plays all agencies.
        self._kafka = world.broker.access.settings()
        self._history = history
        self._rng = rng
        self._answered: set[tuple[str, str]] = set()

    async def run(self, until: Callable[[], bool]) -> None:
        """Answers until told to stop. Starts anew after whatever the broker does."""
        while not until():
            try:
                await self._session(until)
            except Exception:  # the fault is the point; the history says what is known
                await asyncio.sleep(0.5)

    async def _session(self, until: Callable[[], bool]) -> None:
        consumer = AIOKafkaConsumer(
            *map(inbox, self._ids), **connection(self._kafka), auto_offset_reset="earliest", request_timeout_ms=4000
        )
        producer = AIOKafkaProducer(**connection(self._kafka), acks="all", request_timeout_ms=4000)
        try:
            await consumer.start()
            await producer.start()
            while not until():
                for records in (await consumer.getmany(timeout_ms=200, max_records=50)).values():
                    for record in records:
                        await self._answer(producer, json.loads(record.value))
        finally:
            await consumer.stop()
            await producer.stop()

    async def _answer(self, producer: AIOKafkaProducer, offer: dict[str, Any]) -> None:
        if not offer["type"].endswith("assignment.offered.v1"):
            return
        agency, referral = offer["data"]["agency"], offer["subject"]
        if (agency, referral) in self._answered or self._rng.random() < 0.1:
            return
        self._answered.add((agency, referral))
        kind, data = ("declined", {"reason": "no_capacity"}) if self._rng.random() < 0.15 else ("accepted", {})
        await self._tell(producer, agency, referral, kind, data)
        if kind == "accepted" and self._rng.random() < 0.3:
            await self._tell(producer, agency, referral, "progressed", {"progress": "work_started"})

    async def _tell(self, producer: AIOKafkaProducer, agency: str, referral: str, kind: str, data: dict[str, Any]) -> None:
        event = written(agency, referral, (kind, data))
        for _ in range(2 if self._rng.random() < 0.1 else 1):
            outcome = await self._write(producer, agency, referral, event)
        self._history.answers.append(Answer(event["id"], agency, referral, kind, outcome))

    async def _write(self, producer: AIOKafkaProducer, agency: str, referral: str, event: dict[str, Any]) -> str:
        try:
            await producer.send_and_wait(outbox(agency), json.dumps(event).encode(), key=referral.encode())
        except Exception:  # whatever it was: it may have been written
            return "unknown"
        return "acknowledged"
