"""A drill: a test message to every desk by every channel it has, so that a dead address is found before it matters. Pure."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

from services.notifications.directory import Directory
from services.notifications.notice import Notice, NoticeKind
from shared.vocabulary import Urgency


def messages(drill: UUID, directory: Directory, now: datetime, agency: str | None = None) -> Iterator[Notice]:
    """One notice for each desk and channel, all under the drill's id in place of a referral's. None falls over to another
    channel: that this one works is what is tried."""
    for number, seat in enumerate(directory.contacts.all_seats):
        if agency not in (None, seat.agency):
            continue
        for way in directory.holder(seat, now).ways:
            yield Notice(
                id=uuid5(drill, f"{seat.agency}#{seat.role.value}#{seat.number}#{way.value}"),
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
