"""The index, its numbers and what is saved of it, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from services.reporting.index import saved_index
from services.reporting.index.caseload import Caseload
from services.reporting.index.numbers import Numbers
from services.reporting.index.saved_index import Mark, SavedIndex
from services.reporting.index.sums import add_up
from services.reporting.rebuilds import Rebuilds
from services.reporting.reports.tables import tables
from services.reporting.store import LIVE, Cases
from shared.clock import now
from shared.mongo import Database
from tests.figures import EVERYTHING, NEW_YORK, TARGETS, figures
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

AT_ONCE = timedelta(0)
LATER = timedelta(days=1)


def cases(seed: int, count: int) -> list[Any]:
    return [{"_id": str(one.id), **folded(one.intake + one.activity + one.delivered)} for one in lives(seed, count)]


def started(database: Database, save_every: timedelta = LATER) -> Caseload:
    """A service's index, still empty."""
    return Caseload(Cases(database[LIVE]), database, NEW_YORK, now, save_every)


def shown(caseload: Caseload) -> Any:
    return tables(add_up(caseload.index, EVERYTHING.selection), EVERYTHING.basis, TARGETS)


async def write(database: Database, some: Iterable[Any]) -> None:
    """As the readers do, with the database's own time."""
    for case in some:
        values = {name: value for name, value in case.items() if name != "_id"}
        await database[LIVE].update_one({"_id": case["_id"]}, {"$set": values, "$currentDate": {"changed": True}}, upsert=True)


async def test_a_start_takes_what_was_saved_and_what_was_written_since(database: Database) -> None:
    old, new = cases(41, 40), cases(42, 10)
    await write(database, old)
    await started(database).look()
    # That it is not read again shows in that it need not be there any more.
    await database[LIVE].delete_many({"_id": {"$in": [case["_id"] for case in old[:20]]}})
    changed = [old[30] | {"intake": old[31]["intake"]}]
    await write(database, [*new, *changed])
    again = started(database)
    await again.look()
    assert shown(again) == figures([*old[:30], *changed, *old[31:], *new])


async def test_what_changed_is_saved_in_its_time(database: Database) -> None:
    await write(database, cases(43, 10))
    await database["saved_index"].insert_one({"_id": {"of": "an instance that was killed", "number": 0}, "sets": []})
    running = started(database, AT_ONCE)
    await running.look()
    await write(database, cases(44, 10))
    await running.look()
    await database[LIVE].delete_many({})
    again = started(database)
    await again.look()
    assert shown(again) == figures(cases(43, 10) + cases(44, 10))
    assert len(await database["saved_index"].distinct("_id.of")) == 1


async def test_what_another_version_saved_or_what_is_not_whole_is_not_used(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_index, "PART_BYTES", 10_000)
    await write(database, cases(45, 30))
    first = started(database)
    await first.look()
    saved, mark = SavedIndex(database), Mark(saved_index.meaning(NEW_YORK), await Cases(database[LIVE]).identity())
    assert await saved.load(mark)
    assert await saved.load(Mark("another version", mark.cases)) is None
    assert await saved.load(Mark(mark.meaning, "another collection")) is None
    await database["saved_index"].delete_one({"_id.number": 1})
    assert await saved.load(mark) is None
    again = started(database)
    await again.look()
    assert shown(again) == shown(first)


async def test_nothing_is_saved_while_a_rebuild_is_about_to_save_its_own(database: Database) -> None:
    await write(database, cases(49, 5))
    rebuild = Rebuilds(database, now)
    assert await rebuild.take()
    running = started(database, AT_ONCE)
    await running.look()
    assert await database["saved_index"].count_documents({}) == 0
    await rebuild.release()
    await running.look()
    assert await database["saved_index"].count_documents({"_id": "head"}) == 1


async def test_a_start_that_reads_every_case_says_how_far_it_is(database: Database) -> None:
    await Cases(database[LIVE]).insert(cases(50, 450), now())
    starting, said = started(database), set[Any]()
    look = asyncio.create_task(starting.look())
    while not look.done():
        said.add(starting.reading)
        await asyncio.sleep(0)
    await look
    assert {(200, 450), (400, 450)} <= said
    assert starting.reading is None


async def test_instances_that_meet_the_same_referrals_at_once_number_them_alike(database: Database) -> None:
    await Numbers(database).ensure_indexes()
    ids = [case["_id"] for case in cases(46, 60)]
    some = [ids[:40], ids[20:], ids]
    given = await asyncio.gather(*(Numbers(database).of(part) for part in some))
    every = await Numbers(database).of(ids)
    assert len(set(every.values())) == len(ids)
    for part, numbers in zip(some, given, strict=True):
        assert numbers == {one: every[one] for one in part}


async def test_rebuilt_cases_are_read_anew_with_the_numbers_that_were_and_no_index_of_others_is_taken(
    database: Database,
) -> None:
    await write(database, cases(47, 20))
    running = started(database)
    await running.look()
    before = await database["numbers"].find({"number": {"$exists": True}}).to_list(None)
    await Cases(database["cases_next"]).insert(cases(47, 20)[:15], now())
    await database["cases_next"].rename(LIVE, dropTarget=True)
    for one in (running, started(database)):
        await one.look()
        assert shown(one) == figures(cases(47, 20)[:15])
    assert await database["numbers"].find({"number": {"$exists": True}}).to_list(None) == before
