"""Who should have been told, worked out from the events alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.oversight.audit import Finding, expected, finding, is_settled
from shared.events.routing import ActivityEvent
from shared.vocabulary import ClockKind, EscalationLevel
from tests.activity import Life

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)


def notice(status: str, not_before: datetime | None = None, urgency: str = "high") -> dict[str, Any]:
    return {"status": status, "not_before": not_before, "since": NOW - timedelta(minutes=2), "urgency": urgency}


def test_somebody_must_know_of_an_offer_its_end_without_answer_an_escalation_and_a_missed_clock() -> None:
    life = Life()
    asks: list[ActivityEvent] = [
        life.offered("dcf"),
        life.declined("dcf"),
        life.expired("dcf"),
        life.escalated("dcf", EscalationLevel.coordinator),
        life.missed(ClockKind.unassigned),
    ]
    assert [one.about for event in asks if (one := expected(event))] == [event.id for event in asks]
    assert expected(life.routed()) is expected(life.accepted("dcf")) is None


@pytest.mark.parametrize(
    ("notices", "what"),
    [
        ([], Finding.never_planned),
        ([notice("pending")], Finding.not_sent),
        ([notice("claimed"), notice("failed")], Finding.not_sent),
        ([notice("failed"), notice("dropped")], Finding.given_up),
        ([notice("failed"), notice("sent")], None),
        ([notice("pending", NOW + timedelta(hours=3))], None),
        ([notice("pending", NOW - timedelta(hours=3))], Finding.not_sent),
        ([notice("grouped", NOW + timedelta(days=6), "routine")], None),
        ([notice("grouped", NOW - timedelta(seconds=1), "routine")], Finding.not_sent),
        ([notice("grouped", NOW + timedelta(days=9), "routine")], Finding.not_sent),
        ([notice("grouped", NOW + timedelta(days=2))], Finding.not_sent),
        ([notice("grouped", NOW + timedelta(seconds=1), "critical")], Finding.not_sent),
    ],
)
def test_what_is_wrong_follows_from_the_ledger(notices: list[dict[str, Any]], what: Finding | None) -> None:
    assert finding(notices, NOW) is what


def test_what_rests_is_watched_until_somebody_was_told() -> None:
    assert not is_settled([notice("pending", NOW + timedelta(hours=3))])
    assert is_settled([notice("failed"), notice("sent")])
