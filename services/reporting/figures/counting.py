"""In which rows of a measure a case counts. Pure; what each is for is said in `measures`, when it happened in `moments`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from services.reporting.figures.measure import UNTOLD, Case, Row

Rows = Callable[[Case], Iterable[Row]]
HOLDING: Final = {"accepted", "in_progress", "completed"}
IN_HAND: Final = {"offered", "accepted", "in_progress"}
STEPS: Final = ("offered", "accepted", "declined", "expired", "rerouted", "revoked", "completed")


def activity(case: Case) -> Any:
    """What routing told."""
    return case.get("activity", {})


def agencies(case: Case) -> Iterable[tuple[str, Any]]:
    """Every agency that was ever asked, with its assignment."""
    found: dict[str, Any] = activity(case).get("agencies", {})
    return found.items()


def fact(name: str) -> Rows:
    """The value of one fact."""
    return lambda case: [(case["intake"]["facts"][name],)]


def once(*words: Callable[[Case], Any]) -> Rows:
    """The one row, where all of these hold."""
    return lambda case: [()] if all(word(case) for word in words) else []


def known(field: str) -> Callable[[Case], Any]:
    """Whether routing's events said anything of the field."""
    return lambda case: activity(case).get(field)


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
    return str(activity(case).get("urgency", UNTOLD))


def urgencies(case: Case) -> Iterable[Row]:
    """Its urgency as a row."""
    return [(urgency(case),)]


def reroutes(case: Case) -> Iterable[Row]:
    """Every reason that moved it to another agency."""
    return [(reason,) for reason in activity(case).get("reroutes", [])]


def ended(case: Case) -> bool:
    """Closed, screened out, or taken back by the reporter."""
    return "withdrawn" in case["intake"] or bool(activity(case).get("closed") or activity(case).get("screened_out"))


def unassigned(case: Case) -> Iterable[Row]:
    """Open and in no agency's hands: somebody is being asked, or nobody is."""
    statuses = {assignment["status"] for _, assignment in agencies(case)}
    if ended(case) or statuses & HOLDING:
        return []
    return [("awaiting_answer" if "offered" in statuses else "nobody_asked",)]


def escalations(case: Case) -> Iterable[Row]:
    """One for each time a level had to be told."""
    return [(level,) for level, count in activity(case).get("escalations", {}).items() for _ in range(count)]


def clocks(case: Case) -> Iterable[Row]:
    """One for each clock that reached each state."""
    kinds = activity(case).get("clocks", {}).items()
    return [(kind, state) for kind, states in kinds for state, count in states.items() for _ in range(count)]


def victim(case: Case) -> Iterable[Row]:
    """The status last decided."""
    return [(activity(case).get("victim", {}).get("status", "not_assessed"),)]


def decided_at(case: Case) -> datetime | None:
    """When the status was last decided."""
    at: datetime | None = activity(case).get("victim", {}).get("at")
    return at


def decided(case: Case) -> Iterable[Row]:
    """The status last decided, and by whom."""
    last = activity(case).get("victim")
    return [(last["status"], last["by"])] if last else []


def thriving(case: Case) -> Iterable[Row]:
    """For each day: whether anything was recorded, and every indicator in place."""
    recorded = activity(case).get("thriving", {})
    for day in ("30", "90", "180"):
        yield (day, "recorded" if day in recorded else "not_recorded")
        yield from {(day, term) for term in recorded.get(day, {}).get("indicators", [])}


def closure(case: Case) -> Iterable[Row]:
    """Why it is closed, if it is."""
    closed = activity(case).get("closed")
    return [(closed["reason"] if closed else "not_closed",)]


def notices(case: Case) -> Iterable[Row]:
    """Every notice, by channel and end."""
    return [(n["channel"], n.get("reason", "delivered")) for n in case.get("delivered", {}).values()]


def screened_out(case: Case) -> Iterable[Row]:
    """Why it was found to be none for the taskforce, if it stands."""
    out = activity(case).get("screened_out")
    return [(out["reason"],)] if out else []


def holdings(case: Case) -> Iterable[Row]:
    """What each agency has in hand now, unless the referral has ended."""
    if ended(case):
        return []
    return [(agency, part["status"]) for agency, part in agencies(case) if part["status"] in IN_HAND]
