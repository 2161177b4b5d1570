"""Every topic of the bus: its name, who writes it and who reads it. The key is the referral's id."""

from collections.abc import Iterable
from dataclasses import dataclass

INTAKE = "referrals.intake"
ACTIVITY = "referrals.activity"
DELIVERED = "notifications.delivered"

DAY_MS = 24 * 60 * 60 * 1000
KEEP_FOR_EVER = -1  # figures are rebuilt from these topics


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as provisioned. `partitions` is also the most members of a group that can work at once."""

    name: str
    partitions: int = 6
    retention_ms: int = KEEP_FOR_EVER
    cleanup: str = "delete"  # no topic is compacted: an event is never replaced by a later one


def inbox(agency: str) -> str:
    """What routing tells one agency."""
    return f"agencies.{agency}.inbox"


def outbox(agency: str) -> str:
    """What one agency tells routing."""
    return f"agencies.{agency}.outbox"


def agency_of(topic: str) -> str:
    """The agency whose inbox or outbox the topic is, with or without a prefix before it."""
    return topic.rsplit(".", 2)[1]


def dead_topic(topic: str, reader: str) -> str:
    """Where `reader` puts what it cannot apply from `topic`."""
    return f"{topic}.{reader}.dead"


READERS: dict[str, tuple[str, ...]] = {
    INTAKE: ("routing", "reporting-intake"),
    ACTIVITY: ("notifications", "notifications-audit", "reporting-activity", "intake-access"),
    DELIVERED: ("reporting-delivered",),
}
"""The consumer groups of each shared topic; one topic a group, so that a group's lag means one thing."""

OUTBOX_READER = "routing-agencies"

SANDBOX = "sandbox"
"""In place of an agency's id: the topics on which agencies' engineers try their systems."""
SANDBOX_READER = "routing-sandbox"


def outbox_reader(agency: str) -> str:
    """The group that reads an agency's outbox. The sandbox has its own, so that no trial can hold up an agency."""
    return SANDBOX_READER if agency == SANDBOX else OUTBOX_READER


def all_topics(agencies: Iterable[str], prefix: str = "") -> list[Topic]:
    """Every topic that has to exist for these agencies. With a prefix, names and groups both carry it."""
    shared = [Topic(prefix + name) for name in (INTAKE, ACTIVITY, DELIVERED)]
    dead = [Topic(dead_topic(prefix + t, r), 1, 365 * DAY_MS) for t, readers in READERS.items() for r in readers]
    for agency in agencies:
        both = prefix + inbox(agency), prefix + outbox(agency)
        shared += [Topic(name, 1, 30 * DAY_MS) for name in both]
        dead.append(Topic(dead_topic(both[1], outbox_reader(agency)), 1, 365 * DAY_MS))
    return shared + dead
