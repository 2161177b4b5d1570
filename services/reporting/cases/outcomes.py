"""What was done for the person, and what came of it. Pure."""

from datetime import datetime
from typing import Any

from services.reporting.cases.part import EMPTY, Part
from shared.events import routing
from shared.vocabulary import ServiceStatus


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


def _noted(entries: list[dict[str, Any]], entry: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The entries with one more, unless the same codes are there for that day (UTC): figures count days, not repeats."""
    if any(entry.items() <= known.items() and known["at"].date() == at.date() for known in entries):
        return entries
    return [*entries, {**entry, "at": at}]
