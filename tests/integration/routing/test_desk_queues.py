"""The desk's queues on a real database: who finds what, page by page, by the indexes that are meant for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.routing.commands.authorization import Actor
from services.routing.keeping.queues import Queue, look
from services.routing.store import Referrals
from shared.principal import Role
from shared.testing import builders
from tests.integration.routing.conftest import World
from tests.integration.routing.desk import People, Person, desk
from tests.unit.routing.cases import adult, child


class Caseload:
    """Referrals of a fresh world, by name."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.people = people
        self.names: dict[str, str] = {}

    async def add(self, name: str, **facts: Any) -> UUID:
        id_ = uuid4()
        self.names[str(id_)] = name
        await self.world.intake(builders.received(id_, **facts))
        await self.world.until(id_, lambda _: True)
        return id_

    async def queue(self, person: Person, **query: Any) -> list[str]:
        answer = await person.get(**query)
        assert answer.status_code == 200, answer.text
        return [self.names[one["id"]] for one in answer.json()["referrals"]]


@pytest.fixture(scope="module")
async def caseload(common: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Caseload]:
    async with desk(common, tmp_path_factory.mktemp("desk")) as people:
        new = Caseload(common, people)
        await new.add("adult in Hartford", **adult())
        await new.add("child in Windsor", **child(town_of_exploitation="windsor"))
        await new.add("in danger", **adult(immediate_danger=True, trafficking_type="labor"))
        working = await new.add("taken", **adult(trafficking_type="sex"))
        await people.staff("cca").done(working, "accept")
        closed = await new.add("closed", **adult())
        await people.coordinator.done(closed, "close", reason="moved")
        yield new


async def test_a_queue_holds_what_it_says_the_most_urgent_first(caseload: Caseload) -> None:
    coordinator = caseload.people.coordinator
    new = ["in danger", "child in Windsor", "adult in Hartford"]
    assert await caseload.queue(coordinator, queue="new") == new
    assert await caseload.queue(coordinator, queue="awaiting_answer") == [*new, "taken"]
    assert await caseload.queue(coordinator, queue="overdue") == []


async def test_filters_narrow_a_queue_down(caseload: Caseload) -> None:
    coordinator = caseload.people.coordinator
    assert await caseload.queue(coordinator, queue="new", town="windsor") == ["child in Windsor"]
    assert await caseload.queue(coordinator, queue="new", type="labor", age="adult") == ["in danger"]
    assert await caseload.queue(coordinator, queue="new", age="minor") == ["child in Windsor"]
    assert await caseload.queue(coordinator, queue="new", agency="dcf") == ["child in Windsor"]


async def test_an_agency_finds_its_own_part_those_asked_last_first(caseload: Caseload) -> None:
    cca, windsor = caseload.people.staff("cca"), caseload.people.supervisor("windsor-pd")
    assert await caseload.queue(cca, queue="mine") == ["taken", "in danger", "child in Windsor", "adult in Hartford"]
    assert await caseload.queue(windsor, queue="mine") == ["child in Windsor"]
    assert await caseload.queue(windsor, queue="new") == ["child in Windsor"]
    assert await caseload.queue(windsor, queue="new", agency="hartford-pd") == []
    assert "taken" not in await caseload.queue(cca, queue="awaiting_answer")


@pytest.mark.parametrize("queue", ["awaiting_answer", "mine"])
async def test_pages_follow_on_one_another_while_new_referrals_arrive(caseload: Caseload, queue: str) -> None:
    cca = caseload.people.staff("cca")
    before = await caseload.queue(cca, queue=queue)
    found: list[str] = []
    cursor: dict[str, str] = {}
    for number in range(20):
        page = (await cca.get(queue=queue, limit=1, **cursor)).json()
        found += [caseload.names[one["id"]] for one in page["referrals"]]
        await caseload.add(f"arrived meanwhile {queue} {number}", **adult())
        if page["next"] is None or len(found) >= len(before):
            break
        cursor = {"cursor": page["next"]}
    assert found[: len(before)] == before


async def test_a_cursor_of_another_question_is_refused_and_not_repeated(caseload: Caseload) -> None:
    cca = caseload.people.staff("cca")
    cursor = (await cca.get(queue="mine", limit=1)).json()["next"]
    for query in ({"queue": "new"}, {"queue": "mine", "town": "windsor"}):
        answer = await cca.get(cursor=cursor, **query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
        assert cursor not in answer.text


@pytest.mark.parametrize(
    "query", [{}, {"queue": "all"}, {"queue": "new", "agency": "example-pd"}, {"queue": "new", "name": "x"}]
)
async def test_a_question_that_nobody_can_answer_is_refused(caseload: Caseload, query: dict[str, str]) -> None:
    answer = await caseload.people.coordinator.get(**query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "example-pd" not in answer.text


@pytest.mark.parametrize("having", [{}, {"town": "hartford"}], ids=["any town", "one town"])
@pytest.mark.parametrize("queue", list(Queue))
@pytest.mark.parametrize("seat", [Actor("coordinator", Role.coordinator, "1"), Actor("cca", Role.staff, "2")])
async def test_each_queue_is_read_in_order_from_an_index(
    common: World, caseload: Caseload, queue: Queue, seat: Actor, having: dict[str, str]
) -> None:
    plan = await Referrals(common.database).plan(look(queue, seat, None, having, None), 50)
    assert "IXSCAN" in str(plan)
    assert "'SORT'" not in str(plan), "the database would have to read the whole queue to sort it"
    assert "COLLSCAN" not in str(plan)
