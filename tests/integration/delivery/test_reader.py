"""The reading half of delivery, on the real broker and database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.broker import Message
from shared.delivery.errors import Transient, Unavailable
from shared.delivery.replay import Replay
from tests.integration.delivery.conftest import Adder, Number, Start, refuse
from tests.waiting import eventually


async def test_events_are_applied_in_order_and_once_though_published_twice(start: Start) -> None:
    async with start() as adder:
        await adder.tell("a", 1, 2, 3, 1, 2, 3, 4)
        await adder.until_seen("a", 1, 2, 3, 4)


async def test_a_restart_goes_on_after_the_committed_offset(start: Start) -> None:
    async with start() as adder:
        await adder.tell("a", 1, 2)
        await adder.until_seen("a", 1, 2)
    async with start() as adder:
        await adder.tell("a", 3)
        await adder.until_seen("a", 1, 2, 3)
        assert sum(adder.ledger.calls) == 1, "the records before the restart came again"


async def test_bytes_that_are_no_event_go_to_the_dead_letters_and_neighbours_pass(start: Start) -> None:
    async with start() as adder:
        await adder.send(("bad", b"\xff\xfe"), (None, b"{"))
        await adder.tell("good", 1)
        await adder.until_seen("good", 1)
        assert sorted(await adder.dead(2)) == [("not_json", b"{"), ("not_json", b"\xff\xfe")]


async def test_a_header_that_is_not_text_does_no_harm(start: Start) -> None:
    async with start() as adder:
        topic = adder.service.settings.topic("numbers")
        await adder.publisher.send([Message(topic, b"a", b'{"sequence": 1}', (("content-type", b"\xff\xff"),))])
        await adder.until_seen("a", 1)


async def test_a_refused_event_parks_its_key_and_no_other(start: Start) -> None:
    async with start(before=refuse(2)) as adder:
        await adder.tell("a", 1, 2, 3, mark="refuse")
        await adder.tell("b", 1, 2, 3)
        await adder.until_seen("b", 1, 2, 3)
        await adder.until_seen("a", 1)
        assert [reason for reason, _ in await adder.dead(2)] == ["refused", "behind_parked"]
        await adder.tell("a", 4, mark="refuse")
        assert [reason for reason, _ in await adder.dead(3)][2] == "behind_parked"
        assert await adder.ledger.seen("a") == [1]


async def test_replay_gives_parked_events_their_effect_in_order_and_unparks(start: Start) -> None:
    async with start(before=refuse(2)) as adder:
        await adder.tell("a", 1, 2, 3, mark="refuse")
        await adder.dead(2)
        replay = Replay(adder.reader.parking, adder.reader.decode, adder.ledger.apply)
        assert [o.failed async for o in replay.run()] != [None, None], "replayed though the cause was still there"
        adder.ledger.before = lambda _: None
        assert [o.failed async for o in replay.run(dry_run=True)] == [None, None]
        assert await adder.ledger.seen("a") == [1], "a dry run changed something"
        assert [o.failed async for o in replay.run()] == [None, None]
        assert await adder.ledger.seen("a") == [1, 2, 3]
        await adder.tell("a", 4)
        await adder.until_seen("a", 1, 2, 3, 4)


async def test_skip_drops_one_event_and_lets_the_rest_be_replayed(start: Start) -> None:
    async with start(before=refuse(2)) as adder:
        await adder.tell("a", 1, 2, 3, mark="refuse")
        await adder.dead(2)
        replay = Replay(adder.reader.parking, adder.reader.decode, adder.ledger.apply)
        skipped = await replay.skip(b"a", "test_data")
        assert skipped is not None
        assert skipped[1] == 1, "one event waits behind the skipped one"
        assert [o.failed async for o in replay.run()] == [None]
        assert await adder.ledger.seen("a") == [1, 3]
        assert await adder.reader.parking.all() == []


async def test_a_gap_parks_instead_of_losing_the_missing_event(start: Start) -> None:
    async with start() as adder:
        await adder.tell("a", 1, 3)
        assert [reason for reason, _ in await adder.dead(1)] == ["gap"]
        assert await adder.ledger.seen("a") == [1]


async def test_a_failure_that_passes_is_retried_inside_the_order_of_its_key(start: Start) -> None:
    failures = iter([True, True])

    def flaky(number: Number) -> None:
        if number.sequence == 2 and next(failures, False):
            raise Transient("not yet")

    async with start(before=flaky) as adder:
        await adder.tell("a", 1, 2, 3)
        await adder.until_seen("a", 1, 2, 3)
        assert await adder.reader.parking.all() == []


async def test_a_failure_that_stays_is_dead_lettered_after_bounded_retries(start: Start) -> None:
    def broken(number: Number) -> None:
        if number.key == "a":
            raise KeyError("a bug")

    async with start(before=broken) as adder:
        await adder.tell("a", 1)
        await adder.tell("b", 1)
        await adder.until_seen("b", 1)
        assert [reason for reason, _ in await adder.dead(1)] == ["retries_exhausted"]


async def test_the_reader_halts_when_most_records_go_dead_and_commits_nothing_of_that_batch(start: Start) -> None:
    async with start() as adder:
        # Of however many batches they come in: fewer than 50 are buried before it halts, and 50 or more come again.
        await adder.send(*[(f"k{n}", b"garbage") for n in range(150)])
        await until_halted(adder)
        problems = await adder.service.health.problems()
        assert "halted" in problems["adder"]
    async with start() as adder:
        await until_halted(adder)
        assert adder.ledger.calls == [], "the same records halt it again after a restart: none was skipped"


async def until_halted(adder: Adder) -> None:
    async def halted() -> bool:
        return adder.reader.halted

    await eventually(halted)


async def test_shutdown_waits_for_the_batch_in_hand(start: Start) -> None:
    entered, released = asyncio.Event(), asyncio.Event()
    async with start() as adder:
        original = adder.ledger.apply

        async def slow(events: list[Number], *, accept_gap: bool = False) -> None:
            entered.set()
            await released.wait()
            await original(events, accept_gap=accept_gap)

        adder.reader.apply = slow
        await adder.tell("a", 1)
        await entered.wait()
        asyncio.get_running_loop().call_later(1, released.set)  # while the shutdown below already waits
    async with start() as adder:
        await adder.until_seen("a", 1)
        assert adder.ledger.calls == [], "the batch was finished and committed before the process ended"


async def test_a_handler_cut_off_by_the_drain_limit_is_never_committed(start: Start) -> None:
    entered = asyncio.Event()
    async with start(drain_seconds=0.2) as adder:

        async def stuck(events: list[Number], *, accept_gap: bool = False) -> None:
            entered.set()
            await asyncio.Event().wait()

        adder.reader.apply = stuck
        await adder.tell("a", 1)
        await entered.wait()
    async with start() as adder:
        await adder.until_seen("a", 1)


@dataclass
class Held:
    """A use case that stops at the events of key `a` until it is let go."""

    adder: Adder
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False

    def __post_init__(self) -> None:
        self.adder.reader.apply = self.apply

    async def apply(self, events: Sequence[Number], *, accept_gap: bool = False) -> None:
        if events[0].key == "a" and not self.released.is_set():
            self.entered.set()
            await self.released.wait()
            if self.fails:
                raise Unavailable("the database")
        await self.adder.ledger.apply(events, accept_gap=accept_gap)


async def test_of_several_batches_a_slow_one_holds_up_no_other_key_and_every_commit_behind_it(start: Start) -> None:
    async with start(at_once=3, max_records=1) as adder:
        held = Held(adder)
        await adder.tell("a", 1)
        await held.entered.wait()
        await adder.tell("a", 2)
        await adder.until_seen("a")
        held.released.set()
        await adder.until_seen("a", 1, 2)
    async with start(at_once=3, max_records=1) as adder:
        held = Held(adder)
        await adder.tell("a", 3)
        await held.entered.wait()
        for key in "bcdefg":  # on both partitions
            await adder.tell(key, 1)
        await adder.until_seen("b", 1)
        assert await adder.committed() == 2
        held.released.set()
        await eventually(lambda: committed(adder, 9))


async def test_where_one_of_several_batches_fails_each_event_has_its_effect_once_and_in_order(start: Start) -> None:
    async with start(at_once=3, max_records=1) as adder:
        held = Held(adder, fails=True)
        await adder.tell("a", 1)
        await held.entered.wait()
        await adder.tell("b", 1)
        await adder.until_seen("b", 1)
        await adder.tell("a", 2, 3)
        await adder.tell("b", 2)
        held.released.set()
        await adder.until_seen("a", 1, 2, 3)
        await adder.until_seen("b", 1, 2)
        await eventually(lambda: committed(adder, 5))


async def committed(adder: Adder, count: int) -> bool:
    return await adder.committed() == count


async def test_a_second_instance_takes_over_when_the_first_one_goes(start: Start) -> None:
    async with start(instance="two") as second:
        async with start(instance="one") as first:
            await first.tell("a", 1)
            await first.until_seen("a", 1)
        await second.tell("a", 2)
        await second.tell("b", 1)
        await second.tell("c", 1)
        await second.until_seen("a", 1, 2)
        await second.until_seen("b", 1)
        await second.until_seen("c", 1)


async def test_a_spare_member_without_a_partition_takes_over_when_another_goes(start: Start) -> None:
    async with start(instance="spare") as spare, start(instance="two") as two:
        async with start(instance="one") as one:
            members = (spare, two, one)

            async def shared_out() -> bool:
                consumers = [member.reader.subscriber.consumer for member in members]
                return all(consumers) and sorted(len(consumer.assignment()) for consumer in consumers) == [0, 1, 1]

            await eventually(shared_out)
        for key in ("a", "b", "c", "d"):
            await two.tell(key, 1)
        for key in ("a", "b", "c", "d"):
            await two.until_seen(key, 1)
