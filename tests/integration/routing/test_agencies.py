"""What an agency writes has its effect, or that agency alone is told why not."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shared.events.agency import AgencyAccepted, AgencyCompleted, AgencyDeclined, AgencyProgressed, AgencyRecordedService
from shared.events.codec import encode
from shared.events.routing import AgencyEventRejected, AssignmentAccepted, AssignmentOffered, ServiceRecorded
from shared.testing import builders
from shared.topics import ACTIVITY, outbox
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import adult


def status(document: dict[str, Any], agency: str) -> str | None:
    return next((one["status"] for one in document["assignments"] if one["agency"] == agency), None)


def reasons(told: list[Any]) -> list[str]:
    return [event.data.reason.value for event in told if isinstance(event, AgencyEventRejected)]


async def test_a_whole_life_from_offer_to_closure_is_told_in_order(world: World) -> None:
    event = builders.received(**adult())
    id_ = event.subject
    async with world.running():
        await world.intake(event)
        await world.inbox("hartford-pd", 1)
        await world.agency(
            "cca",
            builders.answer(AgencyAccepted, "cca", id_, number=1),
            builders.answer(AgencyProgressed, "cca", id_, number=2, progress="victim_contacted"),
            builders.answer(AgencyRecordedService, "cca", id_, number=3, service="emergency_housing", status="provided"),
            builders.answer(AgencyCompleted, "cca", id_, number=4, reason="goals_met"),
        )
        await world.until(id_, lambda stored: status(stored, "cca") == "completed")
        await world.agency(
            "hartford-pd",
            builders.answer(AgencyAccepted, "hartford-pd", id_, number=1),
            builders.answer(AgencyCompleted, "hartford-pd", id_, number=2, reason="goals_met"),
        )
        closed = await world.until(id_, lambda stored: stored["status"] == "closed")
        await world.all_published()
    activity = await world.read(ACTIVITY)
    assert [one.sequence for one in activity] == list(range(1, closed["sequence"] + 1))
    assert type(activity[-1]).__name__ == "ReferralClosed"
    assert [one.data.service for one in activity if isinstance(one, ServiceRecorded)] == ["emergency_housing"]
    assert closed["clocks"] == []


async def test_a_decline_is_followed_by_a_re_route_so_that_somebody_owns_it(world: World) -> None:
    event = builders.received(**adult())
    async with world.running():
        await world.intake(event)
        await world.inbox("hartford-pd", 1)
        await world.agency("hartford-pd", builders.answer(AgencyDeclined, "hartford-pd", reason="no_capacity"))
        (offer,) = await world.inbox("coordinator", 1)
    assert isinstance(offer, AssignmentOffered)
    assert offer.subject == event.subject


async def test_the_same_answer_sent_again_has_its_effect_once(world: World) -> None:
    event = builders.received(**adult())
    accepted = builders.answer(AgencyAccepted, "cca")
    async with world.running():
        await world.intake(event)
        await world.inbox("cca", 1)
        await world.agency(
            "cca", accepted, accepted, builders.answer(AgencyProgressed, "cca", number=2, progress="work_started")
        )
        await world.until(event.subject, lambda stored: status(stored, "cca") == "in_progress")
        await world.agency("cca", accepted, builders.answer(AgencyProgressed, "cca", number=3, progress="victim_contacted"))
        await world.until(event.subject, lambda s: all(clock["kind"] != "advocate_contact" for clock in s["clocks"]))
        await world.all_published()
        assert len(await world.inbox("cca", 1)) == 1, "a repetition is not rejected"
    assert sum(isinstance(one, AssignmentAccepted) for one in await world.read(ACTIVITY)) == 1


async def test_an_agency_that_was_not_asked_is_told_so_and_learns_no_more_than_of_a_referral_that_is_not_there(
    world: World,
) -> None:
    there, nowhere = builders.received(**adult()), builders.referral_id(99)
    async with world.running():
        await world.intake(there)
        await world.inbox("cca", 1)
        answers = [builders.answer(AgencyAccepted, "windsor-pd", id_) for id_ in (there.subject, nowhere)]
        await world.agency("windsor-pd", *answers)
        told = await world.inbox("windsor-pd", 2)
    assert reasons(told) == ["not_assigned", "not_assigned"]
    assert [one.data.event for one in told] == [answer.id for answer in answers]
    apart = {"id", "subject", "time", "correlationid", "causationid", "data"}
    known, unknown = (one.model_dump(exclude=apart) for one in told)
    assert known == unknown
    stored = await world.referral(there.subject)
    assert stored is not None
    assert stored["version"] == 1


async def test_garbage_is_answered_to_its_sender_alone_and_the_good_events_around_it_take_effect(world: World) -> None:
    event = builders.received(**adult())
    key = str(event.subject).encode()
    vanished = builders.answer(AgencyAccepted, "cca", number=3)
    async with world.running():
        await world.intake(event)
        await world.inbox("cca", 1)
        await world.write(
            outbox("cca"),
            (key, b"\xff"),
            (key, encode(builders.answer(AgencyAccepted, "dcf"))),
            (b"another", encode(builders.answer(AgencyAccepted, "cca", number=2))),
            (key, encode(vanished).replace(b"agency.accepted", b"agency.vanished")),
            (key, b" " * 300_000),
            (None, encode(builders.answer(AgencyAccepted, "cca", number=7))),
            (key, encode(builders.answer(AgencyAccepted, "cca", number=8))),
        )
        told = await world.inbox("cca", 7)
        await world.until(event.subject, lambda stored: status(stored, "cca") == "accepted")
        await world.all_published()
    assert Counter(reasons(told)) == Counter(
        ["unreadable", "wrong_source", "wrong_key", "unknown_type", "too_large", "wrong_key"]
    )
    for other in ("dcf", "hartford-pd", "coordinator"):
        assert reasons(await world.read(f"agencies.{other}.inbox")) == []
    assert not any(isinstance(one, AgencyEventRejected) for one in await world.read(ACTIVITY))


async def test_once_rejected_an_event_stays_rejected_even_when_it_would_be_allowed_later(world: World) -> None:
    early = builders.answer(AgencyAccepted, "cca")
    event = builders.received(**adult())
    async with world.running():
        await world.agency("cca", early)
        (rejected,) = await world.inbox("cca", 1)
        await world.intake(event)
        await world.inbox("cca", 2)
        await world.agency("cca", early, builders.answer(AgencyDeclined, "cca", number=2, reason="no_capacity"))
        stored = await world.until(event.subject, lambda found: status(found, "cca") == "rerouted")
        await world.all_published()
        told = await world.read("agencies.cca.inbox")
    assert rejected.data.reason == "not_assigned"
    assert sum(isinstance(one, AgencyEventRejected) and one.data.event == early.id for one in told) >= 1
    assert {one.id for one in told if isinstance(one, AgencyEventRejected)} == {rejected.id}
    assert stored["version"] == 2
