"""Who holds a seat at a moment, what would leave one empty, and rest that critical notices break."""

import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.directory.contacts import Seat
from services.notifications.directory.directory import Directory, gaps, load_directory
from services.notifications.directory.quiet import QuietHours
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.policy import load_policy
from services.notifications.plan.rules import Rules
from shared.agencies import load_agencies
from shared.hours import ZONE
from shared.vocabulary import StaffRole, Urgency
from tests.activity import Life

CONFIG = Path("config")
AGENCIES = load_agencies(CONFIG)
CCA = Seat(agency="cca", role=StaffRole.supervisor)
CHRISTMAS = datetime(2026, 12, 25, 17, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
NIGHT, DAY = datetime(2026, 11, 25, 4, tzinfo=UTC), datetime(2026, 11, 25, 17, tzinfo=UTC)


def changed(folder: Path, file: str, change: Any) -> Directory:
    """The directory that ships, with one file changed."""
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True)
    document = yaml.safe_load((folder / file).read_text())
    change(document)
    (folder / file).write_text(yaml.safe_dump(document))
    return load_directory(folder, AGENCIES)


def test_a_desk_with_a_schedule_is_held_by_whoever_is_on_call_then() -> None:
    directory = load_directory(CONFIG, AGENCIES)
    holder = directory.holder(CCA, CHRISTMAS)
    assert (holder.person, holder.reach.address) == ("cca-supervisor-2", "supervisor-2@cca.example")
    assert directory.holder(CCA, CHRISTMAS + timedelta(days=2)).person != holder.person


def test_where_nobody_is_on_call_the_desks_own_address_is_told(tmp_path: Path) -> None:
    def nobody(document: Any) -> None:
        (tmp_path / "empty.ics").write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n")
        document["schedules"][0] = {"id": "cca-supervisors", "calendar": "empty.ics"}

    directory = changed(tmp_path, "on-call.yaml", nobody)
    assert directory.holder(CCA, CHRISTMAS).reach.address == "supervisor@cca.example"
    assert list(gaps(directory, CHRISTMAS, CHRISTMAS + timedelta(days=3))) == [
        "cca-supervisors: nobody, from 2026-12-25 17:00 to 2026-12-28 17:00 UTC"
    ]


def test_where_that_address_is_missing_too_the_coordinator_stands_in(tmp_path: Path) -> None:
    (tmp_path / "empty.ics").write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n")
    changed(tmp_path, "on-call.yaml", lambda d: d["schedules"].append({"id": "nobody", "calendar": "empty.ics"}))
    text = (tmp_path / "contacts.yaml").read_text()
    (tmp_path / "contacts.yaml").write_text(text.replace("address: duty@dcf.example", "on_call: nobody"))
    holder = load_directory(tmp_path, AGENCIES).holder(Seat(agency="dcf", role=StaffRole.duty), CHRISTMAS)
    assert (holder.reach.address, holder.stands_in) == ("coordinator@taskforce.example", True)


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        ("staff.yaml", lambda d: d["people"][0].update(agency="nowhere"), "cca-supervisor-1: nowhere is not in agencies.yaml"),
        ("staff.yaml", lambda d: d["people"].pop(), "on-call.yaml: cca-supervisors: cca-supervisor-2 is not in staff.yaml"),
        ("staff.yaml", lambda d: d["people"].append(d["people"][0]), "cca-supervisor-1 is there twice"),
        ("staff.yaml", lambda d: d["people"][0].update(phone="12"), "write a whole phone number"),
        ("contacts.yaml", lambda d: d["contacts"]["dcf"][0].update(prefers=["sms"]), "prefers sms, and has no such address"),
        ("contacts.yaml", lambda d: d["contacts"]["dcf"][0].pop("address"), "this desk cannot be reached"),
        ("contacts.yaml", lambda d: d["contacts"]["dcf"][0].update(on_call="night"), "dcf: night is not in on-call.yaml"),
        ("contacts.yaml", lambda d: d["contacts"]["dcf"][0].update(quiet="all day"), "write from when to when"),
    ],
)
def test_what_would_leave_somebody_untold_is_refused(tmp_path: Path, file: str, change: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        changed(tmp_path, file, change)


@pytest.mark.parametrize(
    ("urgency", "now", "until"),
    [
        (Urgency.high, NIGHT, datetime(2026, 11, 25, 12, tzinfo=UTC)),
        (Urgency.critical, NIGHT, None),
        (Urgency.high, DAY, None),
    ],
)
def test_what_is_not_critical_waits_for_the_end_of_quiet_hours(
    tmp_path: Path, urgency: Urgency, now: datetime, until: datetime | None
) -> None:
    directory = changed(tmp_path, "contacts.yaml", lambda d: d["contacts"]["dcf"][0].update(quiet="22:00-07:00"))
    notice = decide(Occasion(Life().offered("dcf"), urgency, now), Rules(load_policy(CONFIG), directory))[0]
    assert notice.not_before == until


@given(st.times(), st.times(), MOMENTS)
def test_quiet_ends_at_the_time_by_the_wall_and_within_a_day(begin: time, end: time, at: datetime) -> None:
    hours = QuietHours(begin=begin.replace(second=0, microsecond=0), end=end.replace(second=0, microsecond=0))
    until = hours.until(at)
    if until is not None:
        assert at < until <= at + timedelta(hours=25)
        there = until.astimezone(ZONE)
        skipped = there.date() in (date(2026, 3, 8), date(2027, 3, 14)) and there.hour == 3
        assert there.time() == hours.end or skipped
        assert hours.until(until) is None or hours.begin == hours.end
