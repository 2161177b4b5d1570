"""Who should have been told, worked out from what happened and from nothing else. Pure.

It knows neither notices.yaml nor the directory, nor how notices are made: a mistake in any of them must show here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.events.routing import (
    ActivityEvent,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentOffered,
    ClockMissed,
    ReferralEscalated,
    ReporterAdded,
)

_SOMEBODY_MUST_KNOW = (
    AssignmentOffered,
    AssignmentDeclined,
    AssignmentExpired,
    ReferralEscalated,
    ClockMissed,
    ReporterAdded,
)
FORGET_AFTER = timedelta(days=9)  # later than the latest weekly digest
LONGEST_REST = {
    "critical": timedelta(seconds=90),
    "high": timedelta(days=1),
    "routine": timedelta(days=8),
    "unrecognized": timedelta(seconds=90),
}
"""What may rest for how long at most, whatever the files say: it is the auditor's own opinion."""
_UNDER_WAY = ("grouped", "pending", "claimed")


class Finding(StrEnum):
    """What is wrong about an event that somebody must know of. A closed set: it is a metric label."""

    never_planned = "never_planned"
    """There is no notice of it at all."""
    not_sent = "not_sent"
    """There are notices, and none has been sent yet."""
    given_up = "given_up"
    """There are notices, and none could be sent."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """That somebody is told of the event `about`, which happened `at`."""

    about: UUID
    referral: UUID
    at: datetime


def expected(event: ActivityEvent) -> Expectation | None:
    """What an event asks for; None where nobody must know of it at once."""
    if not isinstance(event, _SOMEBODY_MUST_KNOW):
        return None
    return Expectation(event.id, event.subject, event.time)


def finding(notices: Iterable[Mapping[str, Any]], now: datetime) -> Finding | None:
    """What is wrong, by the notices of one event as they are stored; None where somebody was told, or may be told later."""
    found = list(notices)
    if not found:
        return Finding.never_planned
    if any(notice["status"] == "sent" or _rests(notice, now) for notice in found):
        return None
    return Finding.not_sent if any(notice["status"] in _UNDER_WAY for notice in found) else Finding.given_up


def _rests(notice: Mapping[str, Any], now: datetime) -> bool:
    """Whether it waits on purpose, for quiet hours to end, for others or for a digest, and not longer than anything may."""
    until = notice["not_before"]
    return bool(until) and now < until <= notice["since"] + LONGEST_REST[notice["urgency"]]


def is_settled(notices: Iterable[Mapping[str, Any]]) -> bool:
    """Whether somebody was told, so that there is nothing left to watch."""
    return any(notice["status"] == "sent" for notice in notices)
