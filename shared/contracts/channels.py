"""Which event travels on which topic, who writes it and who reads it. Every contract follows from this table."""

from dataclasses import dataclass
from typing import Any, get_args

from shared.events.agency import OutboxEvent
from shared.events.envelope import Envelope
from shared.events.intake import IntakeEvent
from shared.events.notification import NotificationEvent
from shared.events.routing import ActivityEvent, InboxEvent
from shared.topics import ACTIVITY, DELIVERED, INTAKE, OUTBOX_READER, READERS, inbox, outbox

AGENCY = "agency"
"""Stands for any one agency, as a writer and as a reader."""

SERVICES = ("intake", "routing", "notifications", "reporting")

Kind = type[Envelope]


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic, or one topic for each agency: then `address` holds `{agency}`.

    `writer` is a service or AGENCY. `readers` are consumer groups, or AGENCY.
    """

    name: str
    address: str
    purpose: str
    writer: str
    readers: tuple[str, ...]
    kinds: tuple[Kind, ...]

    def groups_of(self, party: str) -> tuple[str, ...]:
        """The consumer groups with which a service (or AGENCY) reads it."""
        return tuple(group for group in self.readers if group.split("-")[0] == party)


def _kinds(union: Any) -> tuple[Kind, ...]:
    return get_args(union)


CHANNELS = (
    Channel(
        "referralsIntake",
        INTAKE,
        "What came in: coded facts, no person.",
        "intake",
        READERS[INTAKE],
        _kinds(IntakeEvent),
    ),
    Channel(
        "referralsActivity",
        ACTIVITY,
        "Everything that happens to a referral after that, in order.",
        "routing",
        READERS[ACTIVITY],
        _kinds(ActivityEvent),
    ),
    Channel(
        "agencyInbox",
        inbox("{agency}"),
        "What one agency is offered or told. Nobody else reads it.",
        "routing",
        (AGENCY,),
        _kinds(InboxEvent),
    ),
    Channel(
        "agencyOutbox",
        outbox("{agency}"),
        "What one agency answers and reports. Nobody else writes it.",
        AGENCY,
        (OUTBOX_READER,),
        _kinds(OutboxEvent),
    ),
    Channel(
        "notificationsDelivered",
        DELIVERED,
        "Who was told, by role and channel, and how long it took.",
        "notifications",
        READERS[DELIVERED],
        _kinds(NotificationEvent),
    ),
)


def type_of(kind: Kind) -> str:
    """The CloudEvents type of an event class, for example `org.rhtrt.referral.received.v1`."""
    return str(kind.model_fields["type"].default)


KINDS: dict[str, Kind] = {type_of(kind): kind for channel in CHANNELS for kind in channel.kinds}
"""Every event of the bus by its type."""


def channels_of(kind: Kind) -> tuple[Channel, ...]:
    """The channels an event travels on; at least one."""
    return tuple(channel for channel in CHANNELS if type_of(kind) in map(type_of, channel.kinds))


def writer_of(kind: Kind) -> str:
    """The one service that writes the event, or AGENCY."""
    return channels_of(kind)[0].writer
