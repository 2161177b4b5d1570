"""A bundle: notices that one recipient is told of in one message. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from services.notifications.directory.contacts import Seat
from services.notifications.notices.notice import Form, Notice
from shared.vocabulary import NotificationChannel, Urgency

MOST = 200
"""Notices in one message: what a person can still look through."""
_NAMESPACE = UUID("7d1f7a54-54a4-5a39-9a0e-1b6c0a1f2d33")
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Sent, tried again and given up as one; each notice in it ends with it.

    `notices` are those that are told, `dropped` those that had become pointless before the first attempt at them. `channel` and
    `fall_over` as of a notice.
    """

    id: UUID
    form: Form
    seat: Seat
    urgency: Urgency
    channel: NotificationChannel
    fall_over: datetime | None
    notices: tuple[Notice, ...]
    dropped: tuple[Notice, ...] = ()

    @property
    def by_time(self) -> list[Notice]:
        """What is told, in the order in which answers are due; what needs none comes last, as it happened."""
        return sorted(self.notices, key=lambda notice: (notice.answer_by or _EVER, notice.at))


Message = Notice | Bundle
"""What is claimed, sent and recorded as one: a notice by itself, or several."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which notices can be told together: those of one desk, one urgency and for one reason."""

    seat: Seat
    urgency: Urgency
    form: Form


def bundle_id(first: Notice) -> UUID:
    """The id of the bundle that a notice begins."""
    return uuid5(_NAMESPACE, str(first.id))


def sorted_out(held: Iterable[Notice], mailbox: Callable[[Seat], Seat]) -> Iterator[tuple[Place, list[Notice]]]:
    """Notices that wait, by place, no more than fit into one message. `mailbox`: which desks are one."""
    found: dict[Place, list[Notice]] = defaultdict(list)
    for notice in held:
        if notice.held:
            found[Place(mailbox(notice.seat), notice.urgency, notice.held)].append(notice)
    for place, them in found.items():
        yield from ((place, them[begin : begin + MOST]) for begin in range(0, len(them), MOST))


def alone(message: Message) -> Notice | None:
    """The only notice that a message tells of; None where it tells of several."""
    if isinstance(message, Notice):
        return message
    return message.notices[0] if len(message.notices) == 1 else None


def told(message: Message) -> tuple[Notice, ...]:
    """Every notice that a message tells of."""
    return (message,) if isinstance(message, Notice) else message.notices
