"""Bundles in a real database: every notice in one and no more, whoever puts it there and whatever is killed in between."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.notifications.answers.acknowledgement import Acknowledge
from services.notifications.keeping.stores import Stores
from services.notifications.notices.attempt import Claimed, Sent
from services.notifications.notices.bundle import MOST, Bundle, Place, sorted_out, told
from services.notifications.notices.notice import Form, Notice, NoticeKind, NoticeStatus
from services.notifications.plan.escalation import Ended, Stop
from services.notifications.plan.matter import Matter
from shared.clock import Clock
from shared.mongo import Database
from shared.vocabulary import NotificationChannel, Urgency
from tests.integration.notifications.clocks import Hands
from tests.unit.notifications.texts.test_message import NOTICE

MAIL, LEASE = NotificationChannel.email, timedelta(seconds=60)
START = datetime(2026, 11, 25, 17, tzinfo=UTC)
DUE = START + timedelta(seconds=20)
PLACE = Place(NOTICE.seat, Urgency.critical, Form.storm)


@pytest.fixture
def clock() -> Hands:
    return Hands(START)


@pytest.fixture
async def stores(database: Database, clock: Clock) -> Stores:
    found = Stores.on(database, "one", "topic", clock)
    await found.ensure_indexes()
    return found


def held(count: int, kind: NoticeKind = NoticeKind.offered) -> list[Notice]:
    """Reminders await an answer, offers do not."""
    awaits = "hartford-pd" if kind is NoticeKind.reminded else None
    one = replace(NOTICE, held=Form.storm, not_before=DUE, kind=kind, awaits=awaits)
    return [replace(one, id=uuid4(), about=uuid4(), referral=uuid4()) for _ in range(count)]


async def keep(stores: Stores, notices: list[Notice]) -> None:
    """As the second stage does."""
    await stores.notices.add(notices)
    for place, some in sorted_out(notices, lambda seat: seat):
        await stores.bundles.join(place, some)


async def claimed(stores: Stores, clock: Hands, at: datetime) -> list[Claimed]:
    """All that are due: one claim takes no more than a few full bundles."""
    clock.at, found = at, []
    while some := await stores.notices.claim(MAIL, 100, LEASE):
        found += some
    return found


async def rows(database: Database, notices: list[Notice]) -> list[dict[str, object]]:
    return await database["notices"].find({"_id": {"$in": [notice.id for notice in notices]}}).to_list(None)


async def answered(stores: Stores, notice: Notice) -> None:
    matter = Matter(uuid4(), notice.referral, uuid4(), notice.sequence + 1, START, "assignment.accepted", Urgency.high)
    await stores.notices.stop([Stop(matter, notice.awaits, Ended.accepted)])


async def test_many_writers_at_once_put_each_notice_into_one_bundle_and_none_gets_too_long(
    stores: Stores, clock: Hands
) -> None:
    notices = held(3 * MOST)
    await stores.notices.add(notices)
    parts = [notices[begin : begin + 30] for begin in range(0, len(notices), 30)]
    twice = [*parts, *parts]  # redelivered while the first is still at work
    await asyncio.gather(*(stores.bundles.join(PLACE, part) for part in twice))
    found = [told(claim.message) for claim in await claimed(stores, clock, DUE)]
    assert Counter(notice.id for each in found for notice in each) == dict.fromkeys((notice.id for notice in notices), 1)
    assert max(map(len, found)) <= MOST


async def test_a_bundle_is_due_when_the_first_of_its_notices_may_wait_no_longer(stores: Stores, clock: Hands) -> None:
    late, soon = held(2)
    await keep(stores, [late])
    await keep(stores, [replace(soon, not_before=START + timedelta(seconds=5))])
    assert await claimed(stores, clock, START + timedelta(seconds=4)) == []
    [claim] = await claimed(stores, clock, START + timedelta(seconds=5))
    assert {notice.id for notice in told(claim.message)} == {late.id, soon.id}


async def test_a_bundle_that_was_claimed_takes_no_more_and_the_next_one_does(stores: Stores, clock: Hands) -> None:
    first, second = held(3), held(3)
    await keep(stores, first)
    [claim] = await claimed(stores, clock, DUE)
    await keep(stores, second)
    [other] = await claimed(stores, clock, DUE)
    assert [{notice.id for notice in told(one.message)} for one in (claim, other)] == [
        {notice.id for notice in some} for some in (first, second)
    ]


async def test_what_is_answered_before_it_is_told_is_left_out_and_ends_as_dropped(
    stores: Stores, clock: Hands, database: Database
) -> None:
    notices = held(3, NoticeKind.reminded)
    await keep(stores, notices)
    await answered(stores, notices[1])
    [claim] = await claimed(stores, clock, DUE)
    assert isinstance(claim.message, Bundle)
    assert [notice.id for notice in claim.message.dropped] == [notices[1].id]
    [document] = await stores.notices.record([Sent(claim, DUE)])
    assert len(document["outbox"]) == 3
    await stores.bundles.unfold()
    assert Counter(row["status"] for row in await rows(database, notices)) == {"sent": 2, "dropped": 1}


async def test_what_may_have_been_sent_says_the_same_again_whatever_was_answered_since(stores: Stores, clock: Hands) -> None:
    notices = held(3, NoticeKind.reminded)
    await keep(stores, notices)
    [first] = await claimed(stores, clock, DUE)
    await answered(stores, notices[1])
    [again] = await claimed(stores, clock, DUE + LEASE)
    assert (again.unsure, again.message) == (True, first.message)


async def test_when_all_of_it_is_answered_nothing_is_sent(stores: Stores, clock: Hands) -> None:
    notices = held(2, NoticeKind.reminded)
    await keep(stores, notices)
    await stores.notices.stop_about([notice.about for notice in notices])
    [claim] = await claimed(stores, clock, DUE)
    assert (claim.pointless, told(claim.message)) == (True, ())


async def test_the_notices_of_a_bundle_end_as_it_has_though_the_process_died_before_they_did(
    stores: Stores, clock: Hands, database: Database
) -> None:
    notices = held(5)
    await keep(stores, notices)
    [claim] = await claimed(stores, clock, DUE)
    await stores.notices.record([Sent(claim, DUE, person="somebody")])
    assert {row["status"] for row in await rows(database, notices)} == {NoticeStatus.grouped}
    for _ in range(2):
        await stores.bundles.unfold()
    for row in await rows(database, notices):
        assert (row["status"], row["person"], row["attempts"], row["bundle"]) == ("sent", "somebody", 1, claim.message.id)
    assert await stores.ledger.waiting() == (0, None)


async def test_a_notice_that_never_got_into_a_bundle_is_let_go_by_itself(stores: Stores, clock: Hands) -> None:
    stray, inside = held(2)
    await stores.notices.add([stray])
    await keep(stores, [inside])
    clock.at = DUE + timedelta(minutes=2)
    assert await stores.bundles.release_strays() == 1
    claims = await claimed(stores, clock, clock.at)
    assert {claim.message.id for claim in claims if not isinstance(claim.message, Bundle)} == {stray.id}
    assert next(told(claim.message) for claim in claims if isinstance(claim.message, Bundle))[0].id == inside.id


async def test_only_what_is_in_no_bundle_yet_is_put_into_one_when_events_come_again(stores: Stores) -> None:
    stored, joined = held(2)
    await stores.notices.add([stored, joined])
    await stores.bundles.join(PLACE, [joined])
    assert [notice.id for notice in await stores.bundles.grouped([stored.id, joined.id, UUID(int=1)])] == [stored.id]


async def test_a_bundle_is_answered_by_text_with_eight_digits_of_its_own_id(stores: Stores, clock: Hands) -> None:
    notices = [replace(notice, channel=NotificationChannel.sms) for notice in held(2)]
    await keep(stores, notices)
    clock.at = DUE
    [claim] = await stores.notices.claim(NotificationChannel.sms, 10, LEASE)
    await stores.notices.record([Sent(claim, DUE)])
    await stores.bundles.unfold()
    [found] = await stores.ledger.sent_by_text(str(claim.message.id)[:8])
    await Acknowledge(stores)(found)
    assert {(await stores.ledger.find(notice.id) or {})["acknowledged"] for notice in notices} == {DUE}


async def test_two_claimers_never_have_the_same_bundle(stores: Stores, clock: Hands, database: Database) -> None:
    await keep(stores, held(20))
    clock.at = DUE
    other = Stores.on(database, "two", "topic", clock)
    found = await asyncio.gather(*(one.notices.claim(MAIL, 10, LEASE) for one in (stores, other) for _ in range(5)))
    assert sum(map(len, found)) == 1
