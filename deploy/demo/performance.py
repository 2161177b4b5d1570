"""Runs the main job: posts the caseload, lets the agencies answer, listens, and waits until all has happened."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer

from deploy.demo.agencies import Players, System
from deploy.demo.caseload import CASES, Case
from deploy.demo.story import Story
from deploy.demo.verdict import missing
from deploy.embedded.access import Access
from shared.broker import connection
from shared.topics import ACTIVITY, DELIVERED

MOST_PATIENCE = timedelta(seconds=30)
Show = Callable[[Story, int], None]


class ClocksTooSlow(Exception):
    """The running stack lets offers expire only after this run would have ended."""


class Performance:
    """One run against a stack whose HTTP addresses are given by process name, and its bus by `kafka`."""

    def __init__(self, addresses: Mapping[str, str], kafka: Access, agencies: tuple[str, ...], show: Show) -> None:
        self._addresses = addresses
        self._kafka = kafka
        self._agencies = agencies
        self._show = show
        self.story = Story()

    def left(self) -> list[str]:
        """What has not happened yet, or is wrong."""
        unsent = [f"{case.title}: not acknowledged" for case in CASES[len(self.story.cases) :]]
        return unsent + [f"{t.case.title}: {what}" for t in self.story.cases.values() for what in missing(t)]

    async def run(self, *, pause: float, within: float) -> list[str]:
        """Posts a case every `pause` seconds and returns what is left undone when all is done or `within` seconds are over."""
        async with AsyncExitStack() as stack:
            # Reporting may read both of these; who looks over its shoulder here is the operator.
            consumer = AIOKafkaConsumer(ACTIVITY, DELIVERED, **connection(self._kafka.settings("reporting")))
            systems = [System(agency, self._kafka) for agency in self._agencies]
            for client in (consumer, *systems):
                stack.push_async_callback(client.stop)
            await asyncio.gather(*[client.start() for client in (consumer, *systems)])
            await consumer.seek_to_end()
            posting = asyncio.create_task(self._post_all(pause))
            await self._listen(consumer, Players(systems), time.monotonic() + within)
            await posting
        return self.left()

    async def _post_all(self, pause: float) -> None:
        async with httpx.AsyncClient(base_url=self._addresses["intake"], timeout=10) as client:
            for case in CASES:
                await self._post(client, case)
                await asyncio.sleep(pause)

    async def _post(self, client: httpx.AsyncClient, case: Case) -> None:
        begun = time.perf_counter()
        answer = await client.post("/api/v1/referrals", json=case.body)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise SystemExit(f"intake answered {answer.status_code} to '{case.title}': {answer.text}")
        self.story.begin(case, answer.json()["referral_id"], (time.perf_counter() - begun) * 1000)

    async def _listen(self, consumer: AIOKafkaConsumer, players: Players, until: float) -> None:
        early: list[tuple[str, dict[str, Any]]] = []
        while (left := self.left()) and time.monotonic() < until:
            self._show(self.story, len(left))
            batches = await consumer.getmany(timeout_ms=100)
            heard = early + [(r.topic, json.loads(r.value)) for records in batches.values() for r in records]
            heard += await players.heard()
            early = [(topic, event) for topic, event in heard if not await self._hear(topic, event, players)][-500:]
        self._show(self.story, len(self.left()))

    async def _hear(self, topic: str, event: dict[str, Any], players: Players) -> bool:
        """False where the event came before intake's answer: it is heard again later."""
        told = self.story.cases.get(event["subject"])
        if told is None:
            return False
        if topic in (ACTIVITY, DELIVERED):
            self.story.hear(event)
        elif event["type"].endswith("assignment.offered.v1"):
            _check_clock(event, told.case)
            await players.play(event, told.case)
        return True

    async def report(self, token: str) -> dict[str, Any]:
        """The report's figures, with all that happened before it was asked for."""
        asked, headers = datetime.now(UTC), {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=self._addresses["reporting"], timeout=10, headers=headers) as client:
            while True:
                report = dict((await client.get("/api/v1/report")).raise_for_status().json())
                if datetime.fromisoformat(report["as_of"]["now"]) > asked:
                    return report
                await asyncio.sleep(0.1)


def _check_clock(offer: Mapping[str, Any], case: Case) -> None:
    """An offer that nobody will answer has to expire while we look."""
    if offer["data"]["agency"] in case.script or offer["data"]["agency"] not in case.due:
        return
    patience = datetime.fromisoformat(offer["data"]["answer_by"]) - datetime.fromisoformat(offer["time"])
    if patience > MOST_PATIENCE:
        raise ClocksTooSlow
