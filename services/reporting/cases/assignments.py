"""What becomes of an agency's part in a case. Pure."""

from typing import Any

from services.reporting.cases.clocks import as_kept, counted
from services.reporting.cases.part import EMPTY, Change, Part, with_one
from shared.events import routing
from shared.vocabulary import ClockKind, Progress


def assignment(status: str) -> Change:
    """Brings an agency's assignment to `status`; the first moment of each status and its last reason are kept."""

    def change(part: Part, event: Any) -> Part:
        agency, role = event.data.agency, event.data.role.value
        before = part.get("agencies", EMPTY).get(agency, EMPTY)
        after = {status: event.time, **before, "role": role, "status": status}
        if reason := getattr(event.data, "reason", None):
            after[f"{status}_because"] = reason.value
        return {**part, "agencies": {**part.get("agencies", EMPTY), agency: after}}

    return change


_offered, _accepted, _rerouted, _in_progress = map(assignment, ("offered", "accepted", "rerouted", "in_progress"))


def offered(part: Part, event: routing.AssignmentOffered) -> Part:
    """The agency's offer with its answer clock, and when anybody was first asked."""
    after, agency = _offered(part, event), event.data.agency
    agencies = after["agencies"]
    asked = {**agencies, agency: {**agencies[agency], "answer_by": as_kept(event.data.answer_by)}}
    return {"offered": event.time, **counted(after, ClockKind.answer, "started"), "agencies": asked}


def accepted(part: Part, event: routing.AssignmentAccepted) -> Part:
    """The agency's acceptance, and when anybody first accepted."""
    return {"accepted": event.time, **_accepted(part, event)}


def rerouted(part: Part, event: routing.AssignmentRerouted) -> Part:
    """The agency lost it to another; every reason that ever moved the referral."""
    return {**_rerouted(part, event), "reroutes": with_one(part.get("reroutes", []), event.data.reason.value)}


def progressed(part: Part, event: routing.AssignmentProgressed) -> Part:
    """The agency works on it; when anybody first reached the victim."""
    after = _in_progress(part, event)
    return {"contacted": event.time, **after} if event.data.progress is Progress.victim_contacted else after
