"""Whether everything that should have happened did. Pure."""

from __future__ import annotations

from deploy.demo.caseload import Case, Step
from deploy.demo.story import Part, Told, in_words

_EVENT_OF = {
    "accepted": "assignment.accepted",
    "declined": "assignment.declined",
    "progressed": "assignment.progressed",
    "completed": "assignment.completed",
    "service_recorded": "outcome.service_recorded",
    "justice_recorded": "outcome.justice_recorded",
    "thriving_recorded": "outcome.thriving_recorded",
    "victim_assessed": "outcome.victim_assessed",
}


def missing(told: Told) -> list[str]:
    """What is still to come in a case, or wrong with it; empty is good."""
    case = told.case
    found = [f"{agency} was not offered it as {role}" for agency, role in case.due.items() if not _has_role(told, agency, role)]
    found += [f"{agency} was offered it, which is not for it" for agency in told.parts if not _may_have(case, agency)]
    for agency, part in told.parts.items():
        found += [f"{agency}: {what}" for what in _missing_of(case, agency, part)]
    if _stays_silent(case) and not told.escalated:
        found.append("nobody was alerted to the silence")
    return found


def _has_role(told: Told, agency: str, role: str) -> bool:
    return agency in told.parts and told.parts[agency].role == role


def _may_have(case: Case, agency: str) -> bool:
    """The due ones, and the coordinator where somebody declined or stayed silent."""
    fell_through = _stays_silent(case) or any(step[0] == "declined" for steps in case.script.values() for step in steps)
    return agency in case.due or (agency == "coordinator" and fell_through)


def _stays_silent(case: Case) -> bool:
    return any(agency not in case.script for agency in case.due)


def _missing_of(case: Case, agency: str, part: Part) -> list[str]:
    found = [] if part.told_ms is not None else ["nobody was told by mail"]
    found += [f"'{words(step)}' had no effect" for step in case.script.get(agency, ()) if words(step) not in part.done]
    if agency in case.due and agency not in case.script and "expired" not in part.done:
        found.append("did not answer, and the offer has not expired")
    return found


def words(step: Step) -> str:
    """A step as the story tells it once it had its effect."""
    kind, data = step
    return in_words(_EVENT_OF[kind], data)
