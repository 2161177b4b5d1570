"""In which rows of a measure a case counts, and which times it adds. Pure; what each is for is said in `measures`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from services.reporting.figures import MS, UNTOLD, Case, Row, Span

Rows = Callable[[Case], Iterable[Row]]
Spans = Callable[[Case], Iterable[Span]]
Moment = Callable[[Case], datetime | None]
HOLDING: Final = {"accepted", "in_progress", "completed"}
STEPS: Final = ("offered", "accepted", "declined", "expired", "rerouted", "revoked", "completed")


def _activity(case: Case) -> Any:
    return case.get("activity", {})


def _agencies(case: Case) -> Iterable[tuple[str, Any]]:
    agencies: dict[str, Any] = _activity(case).get("agencies", {})
    return agencies.items()


def fact(name: str) -> Rows:
    """The value of one fact."""
    return lambda case: [(case["intake"]["facts"][name],)]


def once(*words: Callable[[Case], Any]) -> Rows:
    """The one row, where all of these hold."""
    return lambda case: [()] if all(word(case) for word in words) else []


def known(field: str) -> Callable[[Case], Any]:
    """Whether routing's events said anything of the field."""
    return lambda case: _activity(case).get(field)


def always(_: Case) -> bool:
    """Every referral."""
    return True


def races(case: Case) -> Iterable[Row]:
    """Several may apply, and each counts; none told is `unknown`."""
    return {(term,) for term in case["intake"]["facts"]["race_ethnicity"] or ["unknown"]}


def withdrawn(case: Case) -> Iterable[Row]:
    """Why it was taken back."""
    return [(case["intake"]["withdrawn"]["reason"],)] if "withdrawn" in case["intake"] else []


def urgency(case: Case) -> str:
    """How urgent routing last held it to be."""
    return str(_activity(case).get("urgency", UNTOLD))


def urgencies(case: Case) -> Iterable[Row]:
    """Its urgency as a row."""
    return [(urgency(case),)]


def assignments(case: Case) -> Iterable[Row]:
    """Every step that any agency's assignment ever took."""
    return [(agency, step) for agency, assignment in _agencies(case) for step in STEPS if step in assignment]


def declined(case: Case) -> Iterable[Row]:
    """Every agency that declined, with the reason it gave last."""
    return [(agency, assignment["declined_because"]) for agency, assignment in _agencies(case) if "declined" in assignment]


def reroutes(case: Case) -> Iterable[Row]:
    """Every reason that moved it to another agency."""
    return [(reason,) for reason in _activity(case).get("reroutes", [])]


def unassigned(case: Case) -> Iterable[Row]:
    """Open and in no agency's hands: somebody is being asked, or nobody is."""
    statuses = {assignment["status"] for _, assignment in _agencies(case)}
    if "withdrawn" in case["intake"] or _activity(case).get("closed") or statuses & HOLDING:
        return []
    return [("awaiting_answer" if "offered" in statuses else "nobody_asked",)]


def escalations(case: Case) -> Iterable[Row]:
    """One for each time a level had to be told."""
    return [(level,) for level, count in _activity(case).get("escalations", {}).items() for _ in range(count)]


def clocks(case: Case) -> Iterable[Row]:
    """One for each clock that reached each state."""
    kinds = _activity(case).get("clocks", {}).items()
    return [(kind, state) for kind, states in kinds for state, count in states.items() for _ in range(count)]


def victim(case: Case) -> Iterable[Row]:
    """The status last decided."""
    return [(_activity(case).get("victim", {}).get("status", "not_assessed"),)]


def decided(case: Case) -> Iterable[Row]:
    """The status last decided, and by whom."""
    last = _activity(case).get("victim")
    return [(last["status"], last["by"])] if last else []


def services(case: Case) -> Iterable[Row]:
    """Every status that each service ever had."""
    return {(entry["service"], entry["status"]) for entry in _activity(case).get("services", [])}


def barriers(case: Case) -> Iterable[Row]:
    """Every barrier that made a service unavailable; none told is `unknown`."""
    entries = _activity(case).get("services", [])
    return {(e["service"], e["barrier"] or "unknown") for e in entries if e["status"] == "unavailable"}


def justice(field: str) -> Rows:
    """Every step, charge or disposition that ever occurred."""
    return lambda case: {(entry[field],) for entry in _activity(case).get("justice", []) if entry[field]}


def missing_child(case: Case) -> bool:
    """A child is missing in it."""
    return bool(case["intake"]["facts"]["missing_child"])


def investigated(case: Case) -> bool:
    """An investigation was opened."""
    return ("investigation_opened",) in justice("step")(case)


def thriving(case: Case) -> Iterable[Row]:
    """For each day: whether anything was recorded, and every indicator in place."""
    recorded = _activity(case).get("thriving", {})
    for day in ("30", "90", "180"):
        yield (day, "recorded" if day in recorded else "not_recorded")
        yield from {(day, term) for term in recorded.get(day, {}).get("indicators", [])}


def closure(case: Case) -> Iterable[Row]:
    """Why it is closed, if it is."""
    closed = _activity(case).get("closed")
    return [(closed["reason"] if closed else "not_closed",)]


def notices(case: Case) -> Iterable[Row]:
    """Every notice, by channel and end."""
    return [(n["channel"], n.get("reason", "delivered")) for n in case.get("delivered", {}).values()]


def notice_times(case: Case) -> Iterable[Span]:
    """How long every notice that arrived took."""
    return [Span(n["urgency"], n["after_ms"]) for n in case.get("delivered", {}).values() if "after_ms" in n]


def receipt(case: Case) -> datetime | None:
    """When it was received."""
    at: datetime | None = case["intake"].get("received")
    return at


def first(step: str) -> Moment:
    """When routing's events first told of the step."""
    return lambda case: _activity(case).get(step)


def between(begin: Moment, end: Moment) -> Spans:
    """The time from one moment to another, where it began; 0 where the later step had come first, as nobody waited."""

    def spans(case: Case) -> Iterable[Span]:
        begun, ended = begin(case), end(case)
        if begun is None:
            return []
        return [Span(urgency(case), None if ended is None else max(0, (ended - begun) // MS))]

    return spans
