"""A referral as MongoDB keeps it, and back. `outbox` belongs to the relay and is no part of the state."""

from collections.abc import Mapping
from typing import Any

from services.routing.referral import Assignment, Clock, Referral
from services.routing.rules import MOST_URGENT_FIRST
from shared.events.facts import Facts
from shared.vocabulary import (
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    ClosureReason,
    ReferralStatus,
    RevokeReason,
    Urgency,
)

_RANK = {urgency: rank for rank, urgency in enumerate(MOST_URGENT_FIRST)}


def to_document(referral: Referral) -> dict[str, Any]:
    """Everything but the outbox. `due` (rank of urgency, time of the next clock) is what the clock loop looks for."""
    return {
        "_id": referral.id,
        "version": referral.version,
        "sequence": referral.sequence,
        "taken": referral.taken,
        "status": referral.status.value,
        "correlation": referral.correlation,
        "received": referral.received,
        "facts": referral.facts.model_dump(mode="json"),
        "urgency": referral.urgency.value,
        "reasons": referral.reasons,
        "rules_version": referral.rules_version,
        "consult": referral.consult,
        "barred": {agency: reason.value for agency, reason in referral.barred.items()},
        "assignments": [_assignment(assignment) for assignment in referral.assignments.values()],
        "clocks": [_clock(clock) for clock in referral.clocks],
        "started": [kind.value for kind in referral.started],
        "rerouted": referral.rerouted,
        "due": _due(referral),
    }


def _due(referral: Referral) -> dict[str, Any] | None:
    due = referral.next_due
    return {"rank": _RANK[referral.urgency], "at": due} if due else None


def _assignment(assignment: Assignment) -> dict[str, Any]:
    return {
        "agency": assignment.agency,
        "role": assignment.role.value,
        "status": assignment.status.value,
        "since": assignment.since,
        "reasons": assignment.reasons,
        "completed": assignment.completed.value if assignment.completed else None,
        "heard": assignment.heard,
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind.value,
        "agency": clock.agency,
        "started": clock.started,
        "due": clock.due,
        "missed": clock.missed,
    }


def from_document(document: Mapping[str, Any]) -> Referral:
    """The referral in a stored document. Facts that a newer version wrote besides are passed over."""
    assignments = [_assignment_from(stored) for stored in document["assignments"]]
    return Referral(
        id=document["_id"],
        version=document["version"],
        sequence=document["sequence"],
        taken=document["taken"],
        status=ReferralStatus(document["status"]),
        correlation=document["correlation"],
        received=document["received"],
        facts=Facts.model_validate(document["facts"], extra="ignore"),
        urgency=Urgency(document["urgency"]),
        reasons=tuple(document["reasons"]),
        rules_version=document["rules_version"],
        consult=document["consult"],
        barred={agency: RevokeReason(reason) for agency, reason in document["barred"].items()},
        assignments={assignment.agency: assignment for assignment in assignments},
        clocks=tuple(_clock_from(stored) for stored in document["clocks"]),
        started=frozenset(map(ClockKind, document["started"])),
        rerouted=document["rerouted"],
    )


def _assignment_from(stored: Mapping[str, Any]) -> Assignment:
    return Assignment(
        agency=stored["agency"],
        role=AssignmentRole(stored["role"]),
        status=AssignmentStatus(stored["status"]),
        since=stored["since"],
        reasons=tuple(stored["reasons"]),
        completed=ClosureReason(stored["completed"]) if stored["completed"] else None,
        heard=tuple(stored["heard"]),
    )


def _clock_from(stored: Mapping[str, Any]) -> Clock:
    kind, agency = ClockKind(stored["kind"]), stored["agency"]
    return Clock(kind, agency, stored["started"], stored["due"], stored["missed"])
