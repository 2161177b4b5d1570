"""What may go at once is claimed as it is stored; whatever is older, or may become pointless, is claimed from the store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notifications.keeping.stores import Stores
from services.notifications.notices.attempt import OUTAGE, Claimed, Trouble
from services.notifications.notices.notice import Form, Notice
from services.notifications.notices.waits import Reachability
from services.notifications.sending.claimer import Claimer
from services.notifications.sending.dispatch import Dispatch
from shared.clock import now
from shared.mongo import Database
from shared.vocabulary import NotificationChannel
from tests.unit.notifications.texts.test_message import NOTICE
from tests.waiting import eventually

MAIL, LEASE, LINES = NotificationChannel.email, timedelta(seconds=60), 2
ROOM = 4 * LINES


@dataclass
class TwoLines:
    """As much of a channel as a claimer looks at."""

    kind: NotificationChannel = MAIL
    lines: int = LINES
    per_second: float = 100.0
    send_seconds: float = 1.0
    give_up_hours: float = 1.0
    wholesale: frozenset[Trouble] = OUTAGE

    def open(self) -> Any:
        raise NotImplementedError


@dataclass
class Side:
    """One instance: its store, its claimer, and whether the mail server answers."""

    stores: Stores
    claimer: Claimer
    reachability: Reachability
    dispatch: Dispatch

    async def keep(self, notices: Sequence[Notice]) -> list[Claimed]:
        """As the second stage does; what the senders were given."""
        claims = self.dispatch.claims(notices, now())
        self.dispatch.stored(await self.stores.notices.add(notices, claims), claims, now())
        return list(claims.values())

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """While the claimer claims."""
        claiming = asyncio.create_task(self.claimer.run())
        yield
        claiming.cancel()
        await asyncio.gather(claiming, return_exceptions=True)

    async def caught_up(self) -> bool:
        return self.claimer.room > 0


@pytest.fixture
async def side(database: Database) -> Side:
    stores = Stores.on(database, "one", "topic", now)
    await stores.ensure_indexes()
    reachability = Reachability("mail", longest=600.0, unready_after=5, first=600.0)
    claimer = Claimer(TwoLines(), stores.notices, reachability, lease=LEASE, poll_seconds=0.02)
    dispatch = Dispatch(LEASE)
    dispatch.join(MAIL, claimer)
    return Side(stores, claimer, reachability, dispatch)


def offers(count: int, **changes: Any) -> list[Notice]:
    return [replace(NOTICE, id=uuid4(), about=uuid4(), referral=uuid4(), **changes) for _ in range(count)]


async def test_what_goes_at_once_is_the_senders_with_the_write_that_stores_it(side: Side, database: Database) -> None:
    async with side.looking():
        await eventually(side.caught_up)
        [claimed] = await side.keep(notices := offers(1))
        assert (await side.claimer.next(), claimed.message) == (claimed, notices[0])
    stored = await database["notices"].find_one({"_id": claimed.message.id}) or {}
    assert (stored["status"], stored["attempts"], stored["unsure"], stored["version"]) == ("claimed", 1, False, claimed.version)
    assert await side.stores.notices.claim(MAIL, 10, LEASE) == []


async def test_nobody_else_gets_it_before_its_lease_is_over_and_then_it_counts_as_perhaps_sent(
    side: Side, database: Database
) -> None:
    async with side.looking():
        await eventually(side.caught_up)
        [first] = await side.keep(offers(1))
    late = Stores.on(database, "two", "topic", lambda: first.until + timedelta(seconds=1))
    [second] = await late.notices.claim(MAIL, 10, LEASE)
    assert (second.message, second.attempt, second.unsure) == (first.message, 2, True)


async def test_what_is_older_goes_first_and_nothing_is_forgotten(side: Side) -> None:
    older, newer = offers(5 * ROOM), offers(3)
    await side.stores.notices.add(older)
    sent: list[Notice] = []
    async with side.looking():
        await eventually(lambda: _is(side.claimer.claimed.qsize() >= ROOM))
        assert await side.keep(newer) == []
        while len(sent) < len(older) + len(newer):
            claimed = await asyncio.wait_for(side.claimer.next(), 30)
            assert isinstance(claimed.message, Notice)
            sent.append(claimed.message)
        await eventually(side.caught_up)
        assert len(await side.keep(offers(3))) == 3
    assert {notice.id for notice in sent[: len(older)]} == {notice.id for notice in older}
    assert {notice.id for notice in sent[len(older) :]} == {notice.id for notice in newer}


async def test_no_more_is_handed_over_than_the_senders_have_room_for_and_the_rest_is_claimed(side: Side) -> None:
    async with side.looking():
        await eventually(side.caught_up)
        together = offers(3 * ROOM)
        assert len(await side.keep(together)) == ROOM
        taken = [await asyncio.wait_for(side.claimer.next(), 30) for _ in together]
    assert {claimed.message for claimed in taken} == set(together)


WAITING: list[dict[str, Any]] = [
    {"awaits": "hartford-pd"},
    {"not_before": now() + timedelta(hours=1)},
    {"held": Form.storm},
]


@pytest.mark.parametrize("changes", WAITING)
async def test_what_may_become_pointless_or_waits_is_handed_to_nobody(side: Side, changes: dict[str, Any]) -> None:
    async with side.looking():
        await eventually(side.caught_up)
        assert await side.keep(offers(1, **changes)) == []


async def test_while_the_mail_server_is_away_everything_waits_in_the_store(side: Side) -> None:
    async with side.looking():
        await eventually(side.caught_up)
        side.reachability.failed()
        assert await side.keep(offers(2)) == []
    assert await side.stores.notices.notices.count_documents({"status": "pending"}) == 2


async def _is(condition: bool) -> bool:
    return condition
