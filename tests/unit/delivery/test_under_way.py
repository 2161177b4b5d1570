"""Several batches under way: what waits for what, and what is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.delivery.effect import Patience
from shared.delivery.reader import Reader
from shared.delivery.under_way import UnderWay
from tests.unit.delivery.test_state_machine import Log, LogRecord, MemoryParking

RECORDS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["a", "b", "c", "d"])), min_size=1, max_size=30)


def batches(told: list[tuple[int, str]], sizes: list[int]) -> list[list[LogRecord]]:
    """Records of two partitions, in batches of these sizes again and again."""
    offsets, left = [0, 0], list(told)
    found: list[list[LogRecord]] = []
    while left:
        batch = []
        for partition, key in left[: sizes[len(found) % len(sizes)]]:
            batch.append(LogRecord("t", partition, offsets[partition], key.encode(), b""))
            offsets[partition] += 1
        del left[: len(batch)]
        found.append(batch)
    return found


@given(RECORDS, st.lists(st.integers(1, 4), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_whatever_ends_first_a_commit_covers_only_what_is_done_and_all_before_it(told: Any, sizes: Any, random: Any) -> None:
    way, committed, done = UnderWay(), {0: 0, 1: 0}, set[tuple[int, int]]()
    taken = [way.take(batch) for batch in batches(told, sizes)]
    for batch in random.sample(taken, len(taken)):
        batch.done = True
        done |= {(record.partition, record.offset) for record in batch.records}
        committed |= {partition: offset for (_, partition), offset in way.leave().items()}
        for partition, end in committed.items():
            assert {(partition, offset) for offset in range(end)} <= done
    assert sum(committed.values()) == len(told)


@given(RECORDS, st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 30))
def test_after_a_failure_all_that_is_not_committed_is_read_again(told: Any, sizes: Any, which: int) -> None:
    way = UnderWay()
    taken = [way.take(batch) for batch in batches(told, sizes)]
    failed = which % len(taken)
    for number, batch in enumerate(taken):
        batch.done = number != failed
    committed = {partition: offset for (_, partition), offset in way.leave().items()}
    again = {partition: offset for (_, partition), offset in way.give_up().items()}
    for batch in taken[failed:]:
        for record in batch.records:
            assert again[record.partition] <= record.offset
    for partition, offset in again.items():
        assert offset == committed.get(partition, 0)
    assert way.leave() == way.give_up() == {}


@given(RECORDS, st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_a_batch_waits_for_those_before_it_that_have_one_of_its_keys_and_for_no_other(told: Any, sizes: Any) -> None:
    way = UnderWay()
    taken = [way.take(batch) for batch in batches(told, sizes)]
    for number, batch in enumerate(taken):
        assert way.is_next(batch) == all(batch.keys.isdisjoint(other.keys) for other in taken[:number])


async def test_nothing_overtakes_a_batch_that_a_shutdown_cut_off() -> None:
    log = Log()
    seen: list[bytes] = []

    async def stuck(events: Sequence[bytes], *, accept_gap: bool = False) -> None:
        seen.extend(events)
        await asyncio.Event().wait()

    anything: Any = log
    reader: Reader[bytes] = Reader(
        name="stuck",
        decode=lambda record: record.value or b"",
        apply=stuck,
        parking=MemoryParking(),  # type: ignore[arg-type]
        publisher=anything,
        consumer=lambda: log,
        on_halt=lambda: None,
        at_once=2,
        subscriber=SimpleNamespace(running=True),
        patience=Patience(unavailable_wait=0),
    )
    await reader([LogRecord("t", 0, 0, b"a", b"first")])
    await reader.close(0.01)
    log.position = 2
    async with asyncio.timeout(5):
        await reader([LogRecord("t", 0, 1, b"a", b"second")])
    assert seen == [b"first"]
    assert (log.committed, log.position) == (0, 0)
