"""How far the events of a referral have been applied, and what must be remembered of them between events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.directory import Directory
from services.notifications.notice import Notice
from services.notifications.plan import Occasion, decide
from services.notifications.policy import Policy
from shared.delivery.order import is_new
from shared.events.routing import ActivityEvent, AssignmentOffered, ReferralEscalated, ReferralRouted, UrgencyRaised
from shared.vocabulary import Urgency

_TELLS = (ReferralRouted, AssignmentOffered, ReferralEscalated, UrgencyRaised)


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


def follow(
    events: Sequence[ActivityEvent],
    standings: Mapping[UUID, Standing],
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    accept_gap: bool = False,
) -> tuple[list[Notice], dict[UUID, Standing]]:
    """The notices that new events lead to, and the standings that moved. Gap where an event in between is missing."""
    notices: list[Notice] = []
    moved: dict[UUID, Standing] = {}
    for event in events:
        standing = moved.get(event.subject) or standings.get(event.subject) or Standing()
        if is_new(standing.applied, event.sequence, accept_gap=accept_gap):
            moved[event.subject] = standing = standing.after(event)
            notices += decide(Occasion(event, standing.counts_as, now), policy, directory)
    return notices, moved
