"""Which agencies a referral is assigned to now, as routing tells it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from shared.delivery.order import is_new
from shared.events import routing
from shared.vocabulary import AssignmentStatus, RevokeReason


@dataclass(frozen=True, slots=True)
class Ended:
    """How a referral ended, and when: a closure or screen-out reason, or `withdrawn`."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`assignments`: each agency's status. `sequence`: of the last event it knows. `ended`: unless it goes on."""

    sequence: int = 0
    assignments: Mapping[str, AssignmentStatus] = field(default_factory=dict)
    ended: Ended | None = None


def followed(standing: Standing, event: Any, *, accept_gap: bool = False) -> Standing | None:
    """The standing after an event of `referrals.activity`; None where it is known already. Gap where one is missing before."""
    if not is_new(standing.sequence, event.sequence, accept_gap=accept_gap):
        return None
    follow = _FOLLOW.get(type(event))
    return replace(follow(standing, event) if follow else standing, sequence=event.sequence)


Follow = Callable[[Standing, Any], Standing]


def _becomes(status: AssignmentStatus) -> Follow:
    def follow(standing: Standing, event: Any) -> Standing:
        return replace(standing, assignments={**standing.assignments, event.data.agency: status})

    return follow


def _ends(standing: Standing, event: Any) -> Standing:
    return replace(standing, ended=Ended(event.data.reason.value, event.time))


def _is_taken_back(standing: Standing, event: Any) -> Standing:
    """Parts are revoked as `withdrawn` only where the whole referral ends with its reporter's wish; no other event says so."""
    revoked = _becomes(AssignmentStatus.revoked)(standing, event)
    return _ends(revoked, event) if event.data.reason is RevokeReason.withdrawn else revoked


def _is_none(standing: Standing, event: Any) -> Standing:
    """Screened out: nobody has anything left to do with the person, those who looked into it included."""
    return replace(_ends(standing, event), assignments=dict.fromkeys(standing.assignments, AssignmentStatus.revoked))


def _goes_on(standing: Standing, _: Any) -> Standing:
    return replace(standing, ended=None)


_FOLLOW: Final[Mapping[type[Any], Follow]] = {
    routing.AssignmentOffered: _becomes(AssignmentStatus.offered),
    routing.AssignmentAccepted: _becomes(AssignmentStatus.accepted),
    routing.AssignmentProgressed: _becomes(AssignmentStatus.in_progress),
    routing.AssignmentCompleted: _becomes(AssignmentStatus.completed),
    routing.AssignmentDeclined: _becomes(AssignmentStatus.declined),
    routing.AssignmentExpired: _becomes(AssignmentStatus.expired),
    routing.AssignmentRerouted: _becomes(AssignmentStatus.rerouted),
    routing.AssignmentRevoked: _is_taken_back,
    routing.AgencyExcluded: _becomes(AssignmentStatus.revoked),
    routing.ReferralClosed: _ends,
    routing.ReferralScreenedOut: _is_none,
    routing.ReferralReopened: _goes_on,
}
"""What changes who may read; every other event only counts."""
