"""A referral as MongoDB keeps it, and back. What has its usual value is left out. `outbox` is the relay's, not the state's."""

from collections.abc import Mapping
from typing import Any

from services.routing.keeping.queues import Standing, place, standing
from services.routing.life.referral import Assignment, Clock, Likely, Referral, Report
from services.routing.rules.decision import MOST_URGENT_FIRST
from shared.events.facts import Facts
from shared.vocabulary import (
    AssignmentRole,
    AssignmentStatus,
    CalledBy,
    ClockKind,
    ClosureReason,
    ExclusionReason,
    MandatedReport,
    ReferralStatus,
    RevokeReason,
    SharedTrait,
    Urgency,
)

_RANK = {urgency: rank for rank, urgency in enumerate(MOST_URGENT_FIRST)}


def to_document(referral: Referral) -> dict[str, Any]:
    """Everything but the outbox and what happened."""
    return own_fields(referral, standing(referral)) | common_fields(referral)


def own_fields(referral: Referral, stands: Standing | None) -> dict[str, Any]:
    """What referrals differ in that are alike: their ids and facts, and what follows from them."""
    return {
        "_id": referral.id,
        "taken": referral.taken,
        "correlation": referral.correlation,
        "facts": referral.facts.model_dump(mode="json", exclude_defaults=True),
        "desk": place(referral, stands),
    }


def common_fields(referral: Referral) -> dict[str, Any]:
    """All others. `due` (rank of urgency, time of the next clock) is what the clock loop looks for."""
    due = referral.next_due
    return {
        "version": referral.version,
        "sequence": referral.sequence,
        "status": referral.status,
        "received": referral.received,
        "urgency": referral.urgency,
        "reasons": referral.reasons,
        "rules_version": referral.rules_version,
        "consult": referral.consult,
        "barred": referral.barred,
        "assignments": [_assignment(assignment) for assignment in referral.assignments.values()],
        "clocks": [_clock(clock) for clock in referral.clocks],
        "started": tuple(referral.started),
        "rerouted": referral.rerouted,
        "due": {"rank": _RANK[referral.urgency], "at": due} if due else None,
    } | _seldom(referral)


def _seldom(referral: Referral) -> dict[str, Any]:
    """What few referrals have. It never goes away again but for `escalated`, so that leaving it out is enough."""
    stored: dict[str, Any] = {}
    if referral.excluded:
        stored["excluded"] = dict(referral.excluded)
    if referral.overridden:
        stored["overridden"] = True
    if referral.duplicate_of:
        stored["duplicate_of"] = referral.duplicate_of
    if referral.likely_duplicates:
        stored["likely"] = [_likely(one) for one in referral.likely_duplicates]
    if referral.reports:
        stored["reports"] = [report._asdict() for report in referral.reports]
    if referral.escalated or referral.version:
        stored["escalated"] = sorted(referral.escalated)
    return stored


def _likely(one: Likely) -> dict[str, Any]:
    return {"referral": one.referral, "score": one.score, "reasons": [reason.value for reason in one.reasons]}


def _assignment(assignment: Assignment) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "agency": assignment.agency,
        "role": assignment.role,
        "status": assignment.status,
        "since": assignment.since,
        "reasons": assignment.reasons,
    }
    if assignment.completed:
        stored["completed"] = assignment.completed
    if assignment.heard:
        stored["heard"] = assignment.heard
    return stored


def _clock(clock: Clock) -> dict[str, Any]:
    stored: dict[str, Any] = {"kind": clock.kind, "started": clock.started, "due": clock.due}
    if clock.agency:
        stored["agency"] = clock.agency
    if clock.missed:
        stored["missed"] = clock.missed
    if clock.remind:
        stored["remind"] = clock.remind
    return stored


def facts_from(document: Mapping[str, Any]) -> Facts:
    """The facts of a stored document. What a newer version wrote besides is passed over."""
    return Facts.model_validate(document["facts"], extra="ignore")


def from_document(document: Mapping[str, Any]) -> Referral:
    """The referral in a stored document."""
    assignments = [_assignment_from(stored) for stored in document["assignments"]]
    return Referral(
        id=document["_id"],
        version=document["version"],
        sequence=document["sequence"],
        taken=document["taken"],
        status=ReferralStatus(document["status"]),
        correlation=document["correlation"],
        received=document["received"],
        facts=facts_from(document),
        urgency=Urgency(document["urgency"]),
        reasons=tuple(document["reasons"]),
        rules_version=document["rules_version"],
        consult=document["consult"],
        barred={agency: RevokeReason(reason) for agency, reason in document["barred"].items()},
        assignments={assignment.agency: assignment for assignment in assignments},
        clocks=tuple(_clock_from(stored) for stored in document["clocks"]),
        started=frozenset(map(ClockKind, document["started"])),
        rerouted=document["rerouted"],
        excluded={agency: ExclusionReason(reason) for agency, reason in document.get("excluded", {}).items()},
        overridden=document.get("overridden", False),
        duplicate_of=document.get("duplicate_of"),
        likely_duplicates=tuple(likely_from(stored) for stored in document.get("likely", ())),
        reports=tuple(_report_from(stored) for stored in document.get("reports", ())),
        escalated=frozenset(document.get("escalated", ())),
    )


def likely_from(stored: Mapping[str, Any]) -> Likely:
    """A likely duplicate as it is stored with a referral."""
    return Likely(stored["referral"], stored["score"], tuple(map(SharedTrait, stored["reasons"])))


def _report_from(stored: Mapping[str, Any]) -> Report:
    called_by, kind = CalledBy(stored["called_by"]), MandatedReport(stored["kind"])
    return Report(kind, stored["agency"], called_by, stored["made_at"], stored["reference"])


def _assignment_from(stored: Mapping[str, Any]) -> Assignment:
    return Assignment(
        agency=stored["agency"],
        role=AssignmentRole(stored["role"]),
        status=AssignmentStatus(stored["status"]),
        since=stored["since"],
        reasons=tuple(stored["reasons"]),
        completed=ClosureReason(stored["completed"]) if "completed" in stored else None,
        heard=tuple(stored.get("heard", ())),
    )


def _clock_from(stored: Mapping[str, Any]) -> Clock:
    kind, agency, missed = ClockKind(stored["kind"]), stored.get("agency"), stored.get("missed", 0)
    return Clock(kind, agency, stored["started"], stored["due"], missed, stored.get("remind"))
