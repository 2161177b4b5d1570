"""What each event changes in the part of the case that its topic owns. Pure; `projections` describes the whole case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from shared.events import intake, notification, routing
from shared.events.envelope import Event
from shared.events.facts import Facts
from shared.vocabulary import ClockKind, Progress, ServiceStatus

Part = Mapping[str, Any]
Change = Callable[[Part, Any], Part]
EMPTY: Final[Part] = {}
_SEVERAL: Final = ("sex_exploitation", "labor_exploitation", "means_of_control", "recruitment")
"""Kept where anything was told, as most of them are empty."""


def _facts(facts: Facts) -> dict[str, Any]:
    """The facts that a measure, a breakdown or an extract asks for."""
    return {
        "trafficking_type": facts.trafficking_type.value,
        "reporter": facts.reporter.value,
        "channel": facts.channel.value,
        "age_band": facts.age_band.value,
        "minor": facts.minor.value,
        "town": facts.town_of_exploitation.value,
        "gender": facts.gender.value,
        "race_ethnicity": [term.value for term in facts.race_ethnicity],
        "language": facts.language.value,
        "missing_child": facts.missing_child,
        "release": facts.release.value,
        "relationship_to_trafficker": facts.relationship_to_trafficker.value,
        **{name: [term.value for term in getattr(facts, name)] for name in _SEVERAL if getattr(facts, name)},
    }


def received(part: Part, event: intake.ReferralReceived) -> Part:
    """When it came in, and what was told."""
    return {**part, "received": event.time, "facts": _facts(event.data.facts)}


def supplemented(part: Part, event: intake.ReferralSupplemented) -> Part:
    """The facts as they stand now: figures follow the latest knowledge."""
    return {**part, "facts": _facts(event.data.facts), "supplemented": part.get("supplemented", 0) + 1}


def withdrawn(part: Part, event: intake.ReferralWithdrawn) -> Part:
    """When and why the reporter took it back."""
    return {**part, "withdrawn": {"at": event.time, "reason": event.data.reason.value}}


def routed(part: Part, event: routing.ReferralRouted) -> Part:
    """When it was first routed; how urgent it was last held to be."""
    return {"routed": event.time, **part, "urgency": event.data.urgency.value}


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
    asked = {**agencies, agency: {**agencies[agency], "answer_by": _as_kept(event.data.answer_by)}}
    return {"offered": event.time, **_counted(after, ClockKind.answer, "started"), "agencies": asked}


def accepted(part: Part, event: routing.AssignmentAccepted) -> Part:
    """The agency's acceptance, and when anybody first accepted."""
    return {"accepted": event.time, **_accepted(part, event)}


def rerouted(part: Part, event: routing.AssignmentRerouted) -> Part:
    """The agency lost it to another; every reason that ever moved the referral."""
    return {**_rerouted(part, event), "reroutes": _with(part.get("reroutes", []), event.data.reason.value)}


def progressed(part: Part, event: routing.AssignmentProgressed) -> Part:
    """The agency works on it; when anybody first reached the victim."""
    after = _in_progress(part, event)
    return {"contacted": event.time, **after} if event.data.progress is Progress.victim_contacted else after


def closed(part: Part, event: routing.ReferralClosed) -> Part:
    """When and why it ended."""
    return {**part, "closed": {"at": event.time, "reason": event.data.reason.value}}


def reopened(part: Part, _: routing.ReferralReopened) -> Part:
    """It has not ended any more."""
    return {**part, "closed": None, "screened_out": None, "reopened": part.get("reopened", 0) + 1}


def screened_out(part: Part, event: routing.ReferralScreenedOut) -> Part:
    """When and why it was found to be none for this taskforce."""
    return {**part, "screened_out": {"at": event.time, "reason": event.data.reason.value}}


def urgency_raised(part: Part, event: routing.UrgencyRaised) -> Part:
    """How urgent it is now."""
    return {**part, "urgency": event.data.urgency.value}


def duplicate_linked(part: Part, event: routing.DuplicateLinked) -> Part:
    """Which referrals it repeats, as people have said. What was only found likely (it has a score) is no figure."""
    if event.data.score is not None:
        return part
    return {**part, "duplicate_of": _with(part.get("duplicate_of", []), str(event.data.duplicate_of))}


def escalated(part: Part, event: routing.ReferralEscalated) -> Part:
    """How often each level had to be told."""
    return {**part, "escalations": _one_more(part.get("escalations", EMPTY), event.data.level.value)}


def clock(state: str) -> Change:
    """Counts the clocks of a kind that reached `state`."""
    return lambda part, event: _counted(part, event.data.clock, state)


def clock_started(part: Part, event: routing.ClockStarted) -> Part:
    """A clock that is told of by itself. Routing once did so for an offer's answer too, which has counted with the offer."""
    asked = part.get("agencies", EMPTY).get(event.data.agency, EMPTY)
    if event.data.clock is ClockKind.answer and asked.get("answer_by") == _as_kept(event.data.due):
        return part
    return _counted(part, event.data.clock, "started")


def with_clocks(change: Change) -> Change:
    """The same change, and the clocks that begin with it."""

    def changed(part: Part, event: Any) -> Part:
        part = change(part, event)
        for begun in event.data.clocks:
            part = _counted(part, begun.clock, "started")
        return part

    return changed


def _counted(part: Part, kind: ClockKind, state: str) -> Part:
    clocks = part.get("clocks", EMPTY)
    return {**part, "clocks": {**clocks, kind.value: _one_more(clocks.get(kind.value, EMPTY), state)}}


def _as_kept(at: datetime) -> datetime:
    """To the millisecond, as MongoDB keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def service_recorded(part: Part, event: routing.ServiceRecorded) -> Part:
    """How far each service came; when any was first provided."""
    data = event.data
    entry = {"service": data.service.value, "status": data.status.value, "barrier": data.barrier and data.barrier.value}
    after = {**part, "services": _noted(part.get("services", []), entry, event.time)}
    return {"served": event.time, **after} if data.status is ServiceStatus.provided else after


def justice_recorded(part: Part, event: routing.JusticeRecorded) -> Part:
    """Each step of the justice track with its charge or disposition."""
    step, charge, end = event.data.step, event.data.charge, event.data.disposition
    entry = {"step": step.value, "charge": charge and charge.value, "disposition": end and end.value}
    return {**part, "justice": _noted(part.get("justice", []), entry, event.time)}


def report_recorded(part: Part, event: routing.ReportRecorded) -> Part:
    """Each mandated report, and when it was made."""
    entry = {"report": event.data.report.value, "called_by": event.data.called_by.value}
    return {**part, "reports": _noted(part.get("reports", []), entry, event.data.made_at)}


def thriving_recorded(part: Part, event: routing.ThrivingRecorded) -> Part:
    """What is in place at that day, as last told."""
    indicators = [term.value for term in event.data.indicators]
    entry = {"at": event.time, "agency": event.data.agency, "indicators": indicators}
    return {**part, "thriving": {**part.get("thriving", EMPTY), str(event.data.day): entry}}


def victim_assessed(part: Part, event: routing.VictimAssessed) -> Part:
    """The victim status as last decided, and by whom."""
    return {**part, "victim": {"status": event.data.status.value, "by": event.data.agency, "at": event.time}}


def unchanged(part: Part, _: Event) -> Part:
    """Nothing that a figure asks for."""
    return part


def delivered(part: Part, event: notification.NotificationDelivered) -> Part:
    """One notice that arrived, and after how long."""
    return {**part, event.data.notice.hex: {**_notice(event.data), "after_ms": event.data.after_ms}}


def failed(part: Part, event: notification.NotificationFailed) -> Part:
    """One notice that did not arrive, and why."""
    return {**part, event.data.notice.hex: {**_notice(event.data), "reason": event.data.reason.value}}


def _notice(data: notification.DeliveredData | notification.FailedData) -> dict[str, Any]:
    return {"channel": data.channel.value, "urgency": data.urgency.value, "attempts": data.attempts}


def _with(values: list[str], value: str) -> list[str]:
    return values if value in values else [*values, value]


def _one_more(counts: Part, key: str) -> Part:
    return {**counts, key: counts.get(key, 0) + 1}


def _noted(entries: list[dict[str, Any]], entry: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The entries with one more, unless the same codes are there for that day (UTC): figures count days, not repeats."""
    if any(entry.items() <= known.items() and known["at"].date() == at.date() for known in entries):
        return entries
    return [*entries, {**entry, "at": at}]
