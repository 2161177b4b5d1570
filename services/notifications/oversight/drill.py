"""A drill: a test message to every desk and person by every channel they have, so that dead addresses are found early. Pure."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

from services.notifications.directory.contacts import Seat
from services.notifications.directory.directory import Directory
from services.notifications.notices.notice import Notice, NoticeKind
from shared.vocabulary import StaffRole, Urgency


def messages(
    drill: UUID, directory: Directory, now: datetime, agency: str | None = None, *, everybody: bool = True
) -> Iterator[Notice]:
    """One notice for each desk or person and channel, all under the drill's id in place of a referral's. None falls over to
    another channel: that this one works is what is tried. `everybody`: those who take turns and are not on call too."""
    for number, seat in enumerate(_seats(directory, now, everybody=everybody)):
        if agency not in (None, seat.agency):
            continue
        for way in directory.holder(seat, now).ways:
            yield Notice(
                id=uuid5(drill, f"{seat.agency}#{seat.role.value}#{seat.number}#{seat.person}#{way.value}"),
                about=drill,
                referral=drill,
                correlation=drill,
                sequence=number + 1,
                at=now,
                kind=NoticeKind.test,
                seat=seat,
                urgency=Urgency.routine,
                why=f"drill:{seat.role.value}",
                channel=way,
            )


def _seats(directory: Directory, now: datetime, *, everybody: bool) -> Iterator[Seat]:
    """Every desk, and everyone who is not at one now."""
    desks = directory.contacts.all_seats
    yield from desks
    at_a_desk = {directory.holder(seat, now).person for seat in desks}
    for person in directory.staff.values() if everybody else ():
        if person.id not in at_a_desk:
            yield Seat(agency=person.agency, role=StaffRole.duty, person=person.id)
