"""How long details are kept after a referral's end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.intake.access.standing import Ended
from services.intake.retention.schedule import REASONS, Schedule, load_schedule

AT = datetime(2026, 11, 25, tzinfo=UTC)


def test_every_end_has_its_time() -> None:
    schedule = load_schedule(Path("config"))
    for reason in REASONS:
        due = schedule.due(Ended(reason, AT))
        assert due is not None
        assert due >= AT + timedelta(days=30)


def test_an_end_that_only_a_newer_version_knows_is_left_to_people() -> None:
    assert load_schedule(Path("config")).due(Ended("unrecognized", AT)) is None


@pytest.mark.parametrize("change", [{"goals_met": 0}, {"goals_met": -1}, {"whatever": 10}, {"moved": None}])
def test_a_schedule_with_a_reason_missing_unknown_or_without_days_is_refused(change: dict[str, int | None]) -> None:
    days = dict.fromkeys(REASONS, 10)
    Schedule(days=days)
    with pytest.raises(ValidationError):
        Schedule.model_validate({"days": days | change})
    with pytest.raises(ValidationError):
        Schedule(days={reason: 10 for reason in REASONS if reason != "moved"})
