"""The desk's API on a real database and broker: who sees what, who may do what, and what two people at once meet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.routing.desk.examples import EXAMPLES
from shared.delivery.errors import Unavailable
from shared.events.envelope import Event
from shared.events.routing import AssignmentAccepted, AssignmentRevoked, ClockMet, UrgencyRaised
from shared.testing import builders
from shared.topics import ACTIVITY
from tests.integration.routing.conftest import World
from tests.integration.routing.desk import People, desk
from tests.unit.routing.cases import adult, child

CALL = {"called_by": "victim_advocate", "made_at": "2026-11-01T10:00:00Z", "reference": "CL104217"}


@pytest.fixture(scope="module")
async def people(common: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[People]:
    async with desk(common, tmp_path_factory.mktemp("desk")) as signed_in:
        yield signed_in


@pytest.fixture
def world(common: World) -> World:
    return common


async def routed(world: World, **told: Any) -> UUID:
    event = builders.received(uuid4(), **(told or child()))
    await world.intake(event)
    await world.until(event.subject, lambda _: True)
    return event.subject


async def test_an_agency_sees_what_it_has_a_part_in_and_everything_else_as_if_it_did_not_exist(
    world: World, people: People
) -> None:
    id_ = await routed(world)
    nowhere = await people.staff("manchester-pd").get(f"/{builders.referral_id(99)}")
    for person in (people.staff("manchester-pd"), people.supervisor("windsor-pd")):
        hidden = await person.get(f"/{id_}")
        assert (hidden.status_code, hidden.json()) == (404, nowhere.json())
        assert (await person.get(f"/{id_}/timeline")).status_code == 404
        assert (await person.do(id_, "accept", 1)).status_code == 404
    seen = await people.staff("dcf").look(id_)
    assert {one["agency"] for one in seen["assignments"]} == {"dcf", "cca", "hartford-pd"}
    assert (await people.analyst.get(f"/{id_}")).status_code == 403
    assert (await people.analyst.get(queue="new")).status_code == 403
    assert (await people.client.get(f"/api/v1/referrals/{id_}")).status_code == 401


async def test_of_two_people_of_one_agency_who_accept_at_once_one_does_and_the_other_learns_who(
    world: World, people: People
) -> None:
    id_ = await routed(world)
    both = [people.staff("hartford-pd", f"officer-{number}").do(id_, "accept", 1) for number in (1, 2)]
    answers = sorted(await asyncio.gather(*both), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 412]
    late = answers[1].json()
    assert (late["version"], answers[1].headers["etag"]) == (2, '"2"')
    (change,) = late["since"]
    assert change["by"] == {"role": "staff", "agency": "hartford-pd"}
    assert change["did"][0]["type"] == "assignment.accepted"
    assert len(await accepted(world, id_)) == 1


async def happened(world: World, id_: UUID, kind: type[Any]) -> list[Any]:
    """Each event of the referral once: it may be published again."""
    await world.all_published()
    found = {one.id: one for one in await world.read(ACTIVITY) if one.subject == id_}
    return [one for one in found.values() if isinstance(one, kind)]


async def accepted(world: World, id_: UUID) -> list[Any]:
    return await happened(world, id_, AssignmentAccepted)


async def test_a_command_without_a_version_is_asked_for_one(world: World, people: People) -> None:
    id_ = await routed(world)
    for header in ({}, {"If-Match": "*"}, {"If-Match": 'W/"1"'}):
        sent = {"Content-Type": "application/json"} | header
        answer = await people.staff("dcf").raw(f"/{id_}/accept", b"{}", **sent)
        assert answer.status_code == 428


async def test_the_same_key_gives_the_same_answer_and_one_effect_whatever_happened_since(world: World, people: People) -> None:
    id_ = await routed(world)
    dcf = people.staff("dcf")
    first = await dcf.do(id_, "accept", 1, key="0123456789abcdef")
    await people.coordinator.done(id_, "urgency", urgency="critical", reason="threat_to_life")
    again = await dcf.do(id_, "accept", 1, key="0123456789abcdef")
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])
    assert len(await accepted(world, id_)) == 1
    reused = await dcf.do(id_, "decline", 1, key="0123456789abcdef", reason="other")
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:rhtrt:problem:key-reused")
    of_another = await people.staff("cca").do(id_, "accept", key="0123456789abcdef")
    assert of_another.status_code == 200


async def test_after_declining_an_agency_sees_nothing_more_but_its_own_answer_again(world: World, people: People) -> None:
    id_ = await routed(world)
    hartford = people.staff("hartford-pd")
    first = await hartford.do(id_, "decline", 1, key="0123456789abcdef", reason="no_capacity")
    assert (await hartford.get(f"/{id_}")).status_code == 404
    assert (await hartford.do(id_, "decline", 1, key="0123456789abcdef", reason="no_capacity")).json() == first.json()


async def test_an_excluded_agency_gets_nothing_anywhere_and_nobody_but_the_coordinator_sees_that_it_was(
    world: World, people: People
) -> None:
    id_ = await routed(world, **child(town_of_residence="windsor"))
    hartford, windsor = people.staff("hartford-pd"), people.staff("windsor-pd")
    await hartford.do(id_, "accept", key="0123456789abcdef")
    await people.coordinator.done(id_, "exclude", agency="hartford-pd", reason="suspect_works_there")
    for answer in (
        await hartford.get(f"/{id_}"),
        await hartford.do(id_, "accept", 1, key="0123456789abcdef"),
        await hartford.do(id_, "progress", 3, progress="work_started"),
    ):
        assert answer.status_code == 404
    assert str(id_) not in (await hartford.get(queue="mine", limit=200)).text
    for role in ("lead", "support"):
        refused = await people.coordinator.do(id_, "agency", reason="capacity", agency="hartford-pd", role=role)
        assert (refused.status_code, refused.json()["reason"]) == (409, "left_out")
    seen, timeline = await windsor.look(id_), (await windsor.get(f"/{id_}/timeline")).json()
    assert "hartford-pd" not in str(seen)
    assert "hartford-pd" not in str(timeline)
    assert "hartford-pd" in str(await people.coordinator.look(id_))
    await world.intake(builders.supplemented(id_, 2, **child(town_of_residence="windsor")))
    await world.until(id_, lambda found: found["taken"] == 2)
    await world.all_published()
    told = {one.sequence: one for one in await world.inbox("hartford-pd", 2) if one.subject == id_}
    assert isinstance(told[max(told)], AssignmentRevoked), "an exclusion outlasts a supplement"


async def test_a_linked_duplicate_shares_exclusions_both_ways_and_both_referrals_live_on(world: World, people: People) -> None:
    one, other = await routed(world), await routed(world)
    await people.coordinator.done(one, "exclude", agency="hartford-pd", reason="suspect_works_there")
    await people.coordinator.done(other, "exclude", agency="cca", reason="conflict_of_interest")
    await people.coordinator.done(one, "duplicate", duplicate_of=str(other))
    first, second = await people.coordinator.look(one), await people.coordinator.look(other)
    assert set(first["left_out"]) == set(second["left_out"]) == {"hartford-pd", "cca"}
    assert (first["duplicate_of"], second["duplicates"]) == (str(other), [str(one)])
    assert "closed" not in (first["status"], second["status"])
    back = await people.coordinator.do(other, "duplicate", duplicate_of=str(one))
    assert (back.status_code, back.json()["reason"]) == (409, "is_linked")
    unknown = await people.coordinator.do(other, "duplicate", duplicate_of=str(builders.referral_id(99)))
    assert (unknown.status_code, unknown.json()["reason"]) == (409, "no_such_referral")


async def test_the_careline_reference_is_shown_to_whom_it_concerns_and_is_in_no_event(world: World, people: People) -> None:
    id_ = await routed(world)
    await people.staff("cca").done(id_, "accept")
    await people.staff("cca").done(id_, "oral-report", **CALL)
    for person, knows in (
        (people.staff("cca"), True),
        (people.staff("dcf"), True),
        (people.coordinator, True),
        (people.staff("hartford-pd"), False),
    ):
        (report,) = (await person.look(id_))["reports"]
        assert (report.get("reference") == "CL104217", report["called_by"]) == (knows, "victim_advocate")
        assert "CL104217" not in str((await person.get(f"/{id_}/timeline")).json())
    events = await happened(world, id_, Event)
    assert "CL104217" not in str(events)
    assert {one.data.clock for one in events if isinstance(one, ClockMet)} >= {"dcf_oral_report"}


async def test_an_urgency_is_raised_for_everybody_with_a_part_and_never_sinks_this_way(world: World, people: People) -> None:
    id_ = await routed(world)
    before = await people.coordinator.look(id_)
    assert before["urgency"] == "high"
    await people.staff("hartford-pd").done(id_, "urgency", urgency="critical", reason="about_to_be_moved")
    after = await people.coordinator.look(id_)
    assert after["urgency"] == "critical"
    soonest = [min(one["due"] for one in seen["clocks"] if one["clock"] == "answer") for seen in (before, after)]
    assert soonest[1] < soonest[0]
    again = await people.coordinator.do(id_, "urgency", urgency="high", reason="new_information")
    assert (again.status_code, again.json()["reason"]) == (409, "not_more_urgent")
    assert len(await happened(world, id_, UrgencyRaised)) == 1


async def test_every_step_of_a_referral_at_the_desk_is_in_its_timeline_with_who_did_it(world: World, people: People) -> None:
    id_ = await routed(world, **adult())
    hartford, cca, coordinator = people.staff("hartford-pd"), people.staff("cca"), people.coordinator
    await hartford.done(id_, "accept")
    await cca.done(id_, "accept")
    await cca.done(id_, "progress", progress="victim_contacted")
    await cca.done(id_, "service", service="emergency_housing", status="provided")
    await hartford.done(id_, "justice", step="investigation_opened")
    await coordinator.done(id_, "reroute", agency="hartford-pd", to=["windsor-pd"], reason="jurisdiction")
    await people.staff("windsor-pd").done(id_, "accept")
    await coordinator.done(id_, "close", reason="goals_met")
    assert (await people.staff("windsor-pd").get(f"/{id_}")).status_code == 404
    await coordinator.done(id_, "reopen", reason="new_information")
    changes = (await coordinator.get(f"/{id_}/timeline")).json()["changes"]
    assert [one["version"] for one in changes] == list(range(10, 0, -1))
    assert [one["by"]["role"] for one in changes] == [
        *["coordinator"] * 2, "staff", "coordinator", *["staff"] * 5, "intake",
    ]  # fmt: skip
    assert changes[0]["did"][0] == {"type": "referral.reopened", "agency": "coordinator", "reason": "new_information"}
    assert all("subject" in one["by"] for one in changes[:-1])
    routed_, *offers = changes[-1]["did"]
    assert [(clock["clock"], "due" in clock) for clock in routed_["clocks"]] == [
        ("unassigned", True),
        ("advocate_contact", True),
    ]
    assert [one["agency"] for one in offers if one["answer_by"]] == ["hartford-pd", "cca"]
    seen = (await cca.get(f"/{id_}/timeline")).json()["changes"]
    assert not any("subject" in one["by"] for one in seen)


async def test_a_long_history_is_kept_whole_beside_a_document_that_stays_small(world: World, people: People) -> None:
    id_ = await routed(world, **adult())
    cca = people.staff("cca")
    await cca.done(id_, "accept")
    for number in range(110):
        version = 2 + number
        answer = await cca.do(id_, "service", version, service="medical", status="requested", key=f"key-of-a-command-{number}")
        assert answer.status_code == 200
    stored = await world.referral(id_)
    assert stored is not None
    assert len(stored["history"]) < 100
    assert len(stored["answered"]) == 50
    versions: list[int] = []
    before: int | None = None
    while True:
        page = (await cca.get(f"/{id_}/timeline", **({"before": before} if before else {}))).json()
        versions += [one["version"] for one in page["changes"]]
        before = page["next"]
        if before is None:
            break
    assert versions == list(range(112, 0, -1))


async def test_whether_the_broker_is_there_or_not_a_command_is_done_when_the_database_has_it(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await routed(world, **adult())
    with monkeypatch.context() as patch:
        patch.setattr(people.service.publisher, "send", away)
        assert (await people.staff("cca").do(id_, "accept")).status_code == 200
        stored = await world.referral(id_)
        assert stored is not None
        assert stored["outbox"]
    assert len(await accepted(world, id_)) == 1


async def away(_: Any) -> None:
    raise Unavailable("kafka")


@pytest.mark.parametrize(
    ("content", "header", "status"),
    [
        (b"{", {}, 400),
        (b'{"reason": "Maria Example"}', {}, 422),
        (b'{"reason": "other", "note": "Maria Example"}', {}, 422),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b" " * 9000, {}, 413),
        (b'{"reason": "other"}', {"Idempotency-Key": "short"}, 422),
    ],
)
async def test_a_body_that_does_not_fit_is_answered_without_its_content(
    world: World, people: People, content: bytes, header: dict[str, str], status: int
) -> None:
    id_ = await routed(world)
    headers = {"Content-Type": "application/json", "If-Match": '"1"'} | header
    answer = await people.staff("dcf").raw(f"/{id_}/decline", content, **headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Maria" not in answer.text


async def test_an_agency_that_does_not_exist_is_answered_with_those_that_do(world: World, people: People) -> None:
    id_ = await routed(world)
    answer = await people.coordinator.do(id_, "exclude", agency="example-pd", reason="conflict_of_interest")
    assert answer.status_code == 422
    assert "example-pd" not in answer.text
    assert "hartford-pd" in answer.json()["errors"][0]["fix"]


async def test_every_example_of_the_description_is_understood(world: World, people: People) -> None:
    id_ = await routed(world)
    for name, body in EXAMPLES.items():
        answer = await people.coordinator.do(id_, name, **body)
        while answer.status_code == 412:  # a clock was quicker: look again
            answer = await people.coordinator.do(id_, name, **body)
        assert answer.status_code in (200, 409), f"{name}: {answer.text}"
