"""What goes out is what the models would write, and readers accept it."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.keeping.journal import Journal
from services.routing.life.turn import Decided, Happening
from services.routing.turns.expiry import run_out
from shared.events.codec import Codec, encode
from shared.events.envelope import Event, EventIds, event_id
from shared.events.routing import ActivityEvent
from shared.testing.strategies import events
from tests.unit.routing.cases import (
    ALL_AGENCIES,
    AT,
    Answers,
    accept,
    adult,
    book,
    child,
    complete,
    decline,
    progress,
    routed,
    supplement,
    withdraw,
)

JOURNAL = Journal("p.", frozenset(ALL_AGENCIES))
CAUSE = UUID("0b7e0b7e-0000-5000-8000-000000000001")


def by_model(decided: Decided, happening: Happening, sequence: int) -> bytes:
    """The event as its model writes it."""
    referral = decided.referral
    details: dict[str, Any] = {"dataref": f"/api/v1/referrals/{referral.id}/details"} if happening.details else {}
    return encode(
        happening.event.model_validate(
            {
                "id": event_id("/routing", str(referral.id), sequence),
                "source": "/routing",
                "subject": referral.id,
                "time": AT,
                "correlationid": referral.correlation,
                "causationid": CAUSE,
                "sequence": sequence,
                "data": happening.data.model_dump(),
            }
            | details
        )
    )


@pytest.mark.parametrize("kind", get_args(ActivityEvent))
@given(data=st.data())
def test_every_event_is_written_byte_by_byte_as_its_model_writes_it(kind: type[Event], data: st.DataObject) -> None:
    event: Any = data.draw(events(kind))
    before = routed(**adult())
    decided = Decided(before.referral, (Happening(kind, event.data, inbox="cca", details=data.draw(st.booleans())),))
    (entry,) = JOURNAL.entries(decided, CAUSE, AT)
    assert bytes(entry["body"]) == by_model(decided, decided.happened[0], before.referral.sequence)


def whole_life() -> list[Decided]:
    """Decisions in which every kind of event happens that routing tells of by itself."""
    told = Answers()
    first = routed(**child(other_towns=("windsor",)))
    rest = [accept("dcf"), progress("dcf", "oral_report_made"), decline("hartford-pd"), accept("cca"), complete("cca", "moved")]
    lives = [first]
    for step in rest:
        lives.append(told.all(lives[-1], step))
    lives.append(supplement(lives[-1].referral, **child(excluded_agencies=("dcf",))))
    late = run_out(lives[-1].referral, book(), AT.replace(year=2027))
    assert late is not None
    closed = told.all(routed(**adult()), *[s for a in ("cca", "hartford-pd") for s in (accept(a), complete(a))])
    return [*lives, late, closed, supplement(closed.referral, **adult()), withdraw(first.referral)]


def test_readers_accept_every_event_of_a_whole_life() -> None:
    codec: Codec[Event] = Codec(ActivityEvent)
    for decided in whole_life():
        for number, entry in enumerate(JOURNAL.entries(decided, CAUSE, AT), 1):
            event = codec.decode(bytes(entry["body"]))
            assert event.sequence == decided.referral.sequence - len(decided.happened) + number
            assert str(event.id) == entry["id"]


def test_sequences_go_on_without_a_gap_from_decision_to_decision() -> None:
    told = Answers()
    first = routed(**adult())
    second = told.all(first, accept("cca"))
    assert first.referral.sequence == len(first.happened)
    assert second.referral.sequence == len(first.happened) + len(second.happened)


def test_what_concerns_an_agency_goes_to_its_inbox_besides_and_all_else_to_the_shared_topic_alone() -> None:
    for decided in whole_life():
        for happening, entry in zip(decided.happened, JOURNAL.entries(decided, CAUSE, AT), strict=True):
            kind = happening.event.__name__
            told = kind in {
                "AssignmentOffered",
                "AssignmentReminded",
                "AssignmentUpdated",
                "AssignmentExpired",
                "AssignmentRevoked",
            }
            agency = getattr(happening.data, "agency", None)
            assert entry["topics"] == ["p.referrals.activity"] + ([f"p.agencies.{agency}.inbox"] if told else [])


def test_an_agency_that_the_configuration_no_longer_has_is_told_on_the_shared_topic_alone() -> None:
    decided = routed(**adult())
    entries = Journal("", frozenset({"cca"})).entries(decided, None, AT)
    assert ["referrals.activity"] in [entry["topics"] for entry in entries[1:3]]


@given(st.integers(1, 10**9))
def test_an_events_id_as_text_is_its_id(sequence: int) -> None:
    aggregate = str(uuid4())
    assert EventIds("/routing", aggregate).text(sequence) == str(event_id("/routing", aggregate, sequence))
