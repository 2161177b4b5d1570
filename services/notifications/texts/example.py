"""Messages that nobody gets: for looking at, in previews and pictures. Pure."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.notifications.directory.contacts import Seat
from services.notifications.notices.bundle import Bundle
from services.notifications.notices.notice import Form, Notice, NoticeKind
from shared.vocabulary import AssignmentRole, NotificationChannel, StaffRole, Urgency

_ID = UUID("0a1b2c3d-0000-4000-8000-000000000000")
_SEAT = Seat(agency="dcf", role=StaffRole.duty)
_TOGETHER = {
    Form.storm: (NoticeKind.offered, NoticeKind.offered, NoticeKind.reminded),
    Form.rest: (NoticeKind.offered, NoticeKind.expired),
    Form.digest: (NoticeKind.revoked, NoticeKind.declined, NoticeKind.expired),
}
_NEED_AN_ANSWER = (NoticeKind.offered, NoticeKind.reminded)


def a_notice(kind: NoticeKind, urgency: Urgency, now: datetime, number: int = 0) -> Notice:
    """Of a referral that does not exist."""
    id_ = uuid5(_ID, str(number)) if number else _ID
    return Notice(
        id=id_,
        about=id_,
        referral=id_,
        correlation=id_,
        sequence=1,
        at=now,
        kind=kind,
        seat=_SEAT,
        urgency=urgency,
        why="preview",
        asked_as=AssignmentRole.child_protection,
        answer_by=now + timedelta(minutes=15 + number) if kind in _NEED_AN_ANSWER else None,
    )


def a_bundle(form: Form, urgency: Urgency, now: datetime, count: int = 12) -> Bundle:
    """Of so many notices, of the kinds that are usual for its form. Whatever is in a digest is routine."""
    urgency = Urgency.routine if form is Form.digest else urgency
    kinds = _TOGETHER[form]
    notices = tuple(a_notice(kinds[number % len(kinds)], urgency, now, number + 1) for number in range(count))
    return Bundle(_ID, form, _SEAT, urgency, NotificationChannel.email, None, notices)
