"""Writes that wait together are made together, and no one pays for another's fault."""

from __future__ import annotations

import asyncio

import pytest

from services.intake.group_commit import LARGEST, TOGETHER, GroupCommit
from shared.delivery.errors import Unavailable
from tests.waiting import eventually

SOON = 60.0


class Ledger:
    """Keeps what is written, as a database: slow while it is `busy`, and it takes nothing together with what is `bad`."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.written: list[int] = []
        self.bad: set[int] = set()
        self.down = False
        self.free = asyncio.Event()
        self.free.set()

    async def has_begun(self, groups: int) -> None:
        async def begun() -> bool:
            return len(self.groups) == groups

        await eventually(begun, within=60)

    async def write(self, items: list[int], until: float) -> None:
        self.groups.append(items)
        await self.free.wait()
        if self.down:
            raise Unavailable("down")
        if self.bad & set(items):
            raise KeyError
        self.written += items


def later(seconds: float = SOON) -> float:
    return asyncio.get_running_loop().time() + seconds


async def saving(commit: GroupCommit[int], items: list[int], seconds: float = SOON) -> list[BaseException | None]:
    return await asyncio.gather(*[commit.save(item, later(seconds)) for item in items], return_exceptions=True)


async def busy(ledger: Ledger, commit: GroupCommit[int], items: int) -> list[asyncio.Task[None]]:
    """Writes of one item each that are under way and stay so."""
    ledger.free.clear()
    saves = []
    for item in range(items):
        saves.append(asyncio.create_task(commit.save(item, later())))
        await ledger.has_begun(len(saves))
    return saves


async def test_what_comes_while_writes_are_under_way_is_written_in_one_go() -> None:
    ledger = Ledger()
    commit = GroupCommit(ledger.write)
    begun = await busy(ledger, commit, TOGETHER)
    more = [asyncio.create_task(commit.save(item, later())) for item in range(TOGETHER, TOGETHER + LARGEST + 1)]
    await asyncio.sleep(0)
    assert len(ledger.groups) == TOGETHER, "no more are begun than are of use"
    ledger.free.set()
    await asyncio.gather(*begun, *more)
    assert sorted(ledger.written) == list(range(TOGETHER + LARGEST + 1)), "each once"
    assert [len(group) for group in ledger.groups] == [1] * TOGETHER + [LARGEST, 1]


async def test_nobody_waits_for_others_to_come() -> None:
    ledger = Ledger()
    commit = GroupCommit(ledger.write)
    for item in range(3):
        await commit.save(item, later())
    assert ledger.groups == [[0], [1], [2]]


async def test_one_that_cannot_be_written_fails_alone() -> None:
    ledger = Ledger()
    ledger.bad = {7}
    found = await saving(GroupCommit(ledger.write), list(range(10)))
    assert [type(one) for one in found] == [type(None)] * 7 + [KeyError] + [type(None)] * 2
    assert sorted(ledger.written) == [*range(7), 8, 9]


async def test_where_the_database_is_away_all_are_told_and_nobody_tries_one_by_one() -> None:
    ledger = Ledger()
    ledger.down = True
    found = await saving(GroupCommit(ledger.write), list(range(20)))
    assert all(isinstance(one, Unavailable) for one in found)
    assert sum(map(len, ledger.groups)) == 20


async def test_who_has_waited_long_enough_is_told_so_and_what_had_not_begun_is_not_written() -> None:
    ledger = Ledger()
    commit = GroupCommit(ledger.write)
    begun = await busy(ledger, commit, TOGETHER)
    given_up = await saving(commit, [100, 101], seconds=0.05)
    assert all(isinstance(one, Unavailable) for one in given_up)
    ledger.free.set()
    await asyncio.gather(*begun)
    await commit.save(200, later())
    assert set(ledger.written).isdisjoint({100, 101})


async def test_a_write_under_way_goes_on_where_its_client_has_gone() -> None:
    ledger = Ledger()
    commit = GroupCommit(ledger.write)
    (client,) = await busy(ledger, commit, 1)
    client.cancel()
    with pytest.raises(asyncio.CancelledError):
        await client
    ledger.free.set()
    await commit.save(1, later())
    assert ledger.written == [0, 1]
