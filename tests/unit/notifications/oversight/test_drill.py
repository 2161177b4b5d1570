"""A drill tries every desk by every channel."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from services.notifications.directory.directory import load_directory
from services.notifications.notices.notice import NoticeKind
from services.notifications.oversight.drill import messages
from shared.agencies import load_agencies
from shared.vocabulary import NotificationChannel

DRILL = UUID("0a1b2c3d-0000-4000-8000-000000000000")
DIRECTORY = load_directory(Path("config"), load_agencies(Path("config")))
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)


def test_every_desk_gets_one_message_by_each_of_its_channels() -> None:
    found = list(messages(DRILL, DIRECTORY, NOON))
    assert {notice.seat for notice in found if not notice.seat.person} == set(DIRECTORY.contacts.all_seats)
    on_call = [notice.channel for notice in found if (notice.seat.agency, notice.seat.role) == ("cca", "supervisor")]
    assert on_call == [NotificationChannel.email, NotificationChannel.sms]
    assert len({notice.id for notice in found}) == len(found)


def test_a_test_message_is_no_reminder_and_goes_by_no_other_channel() -> None:
    for notice in messages(DRILL, DIRECTORY, NOON):
        assert (notice.kind, notice.awaits, notice.fall_over) == (NoticeKind.test, None, None)


def test_a_drill_can_be_for_one_agency() -> None:
    assert {notice.seat.agency for notice in messages(DRILL, DIRECTORY, NOON, "dcf")} == {"dcf"}


def test_people_who_are_not_on_call_are_tried_too_each_once_unless_they_are_left_out() -> None:
    on_call = {DIRECTORY.holder(seat, NOON).person for seat in DIRECTORY.contacts.all_seats}
    rest = set(DIRECTORY.staff) - on_call
    tried = [notice for notice in messages(DRILL, DIRECTORY, NOON) if notice.seat.person]
    assert {notice.seat.person for notice in tried} == rest
    for notice in tried:
        holder = DIRECTORY.holder(notice.seat, NOON)
        assert (holder.person, notice.channel in holder.ways) == (notice.seat.person, True)
    assert {notice.seat.person for notice in messages(DRILL, DIRECTORY, NOON, everybody=False)} == {None}
