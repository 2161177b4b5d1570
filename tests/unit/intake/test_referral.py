"""What one referral becomes in the database and on the topic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

from services.intake.idempotency import Claim
from services.intake.referral import Admission, admit
from shared.events.codec import Codec
from shared.events.facts import Facts
from shared.events.intake import IntakeEvent, ReferralReceived
from shared.vocabulary import Channel, Reporter, Vocabulary

REFERRAL = UUID("11111111-2222-4333-8444-555555555555")
CORRELATION = UUID("99999999-2222-4333-8444-555555555555")
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FACTS = Facts(reporter=Reporter.self_, channel=Channel.web)


def admitted(details: dict[str, Any] | None = None, claimed: Claim | None = None) -> Admission:
    return admit(
        REFERRAL,
        FACTS,
        details or {},
        correlation=CORRELATION,
        at=AT,
        receipt={"find": b"r" * 32},
        claimed=claimed,
        topic="a.referrals.intake",
    )


def event_of(admission: Admission) -> ReferralReceived:
    [entry] = admission.referral["outbox"]
    event: ReferralReceived = Codec[ReferralReceived](IntakeEvent).decode(bytes(entry["body"]))
    return event


def test_the_referral_holds_facts_and_its_first_event_and_nothing_of_the_details() -> None:
    admission = admitted({"narrative": "MARKER"})
    [entry] = admission.referral["outbox"]
    assert (entry["topics"], entry["key"]) == (["a.referrals.intake"], str(REFERRAL))
    assert admission.referral["facts"]["reporter"] == "self"
    assert (admission.referral["version"], admission.referral["sequence"]) == (1, 1)
    assert "MARKER" not in repr(admission.referral)
    assert admission.details == {"_id": str(REFERRAL), "narrative": "MARKER"}


def test_the_event_carries_the_facts_and_says_where_the_details_are() -> None:
    event = event_of(admitted({"narrative": "x"}))
    assert (event.subject, event.correlationid, event.time, event.sequence) == (REFERRAL, CORRELATION, AT, 1)
    assert event.data.facts == FACTS
    assert event.dataref == f"/api/v1/referrals/{REFERRAL}/details"


def test_without_details_none_are_written_and_none_are_referred_to() -> None:
    admission = admitted()
    assert admission.details is None
    assert event_of(admission).dataref is None


def test_the_event_of_a_referral_has_the_same_id_however_often_it_is_made() -> None:
    assert event_of(admitted()).id == event_of(admitted()).id


def test_a_key_is_remembered_only_where_there_was_one() -> None:
    assert "idempotency" not in admitted().referral
    kept = admitted(claimed=Claim(b"k" * 32, b"b" * 32, b"l" * 32)).referral["idempotency"]
    assert kept == {"key": b"k" * 32, "body": b"b" * 32, "code": b""}


def test_the_largest_possible_facts_fit_into_an_event() -> None:
    lists = {name: get_args(field.annotation)[0] for name, field in Facts.model_fields.items() if get_args(field.annotation)}
    vocabularies = {name: term for name, term in lists.items() if isinstance(term, type) and issubclass(term, Vocabulary)}
    told = {name: [term for term in vocabulary if term.value != "unrecognized"] for name, vocabulary in vocabularies.items()}
    agencies = [f"{'x' * 28}-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    facts = Facts(reporter=Reporter.self_, channel=Channel.web, excluded_agencies=tuple(agencies), **told)
    assert len(told) == 6
    admission = admit(REFERRAL, facts, {}, correlation=CORRELATION, at=AT, receipt={}, claimed=None, topic="t")
    assert event_of(admission).data.facts == facts
