"""How far the events of a referral have been applied, and what must be remembered of them between events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.notifications.notices.notice import Notice
from services.notifications.plan.escalation import Escalation, Stop, opened, stopped
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.rules import Rules
from shared.delivery.order import is_new
from shared.events.routing import (
    ActivityEvent,
    AssignmentOffered,
    ReferralEscalated,
    ReferralRouted,
    ReporterAdded,
    UrgencyRaised,
)
from shared.vocabulary import Urgency

_TELLS = (ReferralRouted, AssignmentOffered, ReferralEscalated, ReporterAdded, UrgencyRaised)


@dataclass(frozen=True, slots=True)
class Standing:
    """`applied` is the last sequence applied. `urgency` is the last one told, None before the first."""

    applied: int = 0
    urgency: Urgency | None = None

    def after(self, event: ActivityEvent) -> "Standing":
        """The standing once the event is applied."""
        told = event.data.urgency if isinstance(event, _TELLS) else self.urgency
        return replace(self, applied=event.sequence, urgency=told)

    @property
    def counts_as(self) -> Urgency:
        """The urgency to act on: what is unknown, or newer than this program, is critical, as nobody may be told too little."""
        return Urgency.critical if self.urgency in (None, Urgency.unrecognized) else self.urgency or Urgency.critical


@dataclass(slots=True)
class Followed:
    """What new events lead to: notices, escalations that begin, what is answered, and the standings that moved."""

    notices: list[Notice] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    standings: dict[UUID, Standing] = field(default_factory=dict)


def follow(
    events: Sequence[ActivityEvent],
    standings: Mapping[UUID, Standing],
    rules: Rules,
    now: datetime,
    *,
    accept_gap: bool = False,
) -> Followed:
    """Follows new events, each once. Gap where an event in between is missing."""
    found = Followed()
    for event in events:
        standing = found.standings.get(event.subject) or standings.get(event.subject) or Standing()
        if is_new(standing.applied, event.sequence, accept_gap=accept_gap):
            found.standings[event.subject] = standing = standing.after(event)
            _apply(Occasion(event, standing.counts_as, now), rules, found)
    return found


def _apply(occasion: Occasion, rules: Rules, found: Followed) -> None:
    found.notices += decide(occasion, rules)
    if escalation := opened(occasion, rules):
        found.escalations.append(escalation)
    if stop := stopped(occasion):
        found.stops.append(stop)
