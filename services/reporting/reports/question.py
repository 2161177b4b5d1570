"""What a report is asked for, and how that is written in an address: the same for the API, the pages and the exports. Pure.

`period` names a period, or `from` and `to` give its days; `counted_by` says whose days they are; each facet narrows the cases
down and may come several times. Anything else is refused, and what was sent is never told back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from services.reporting.figures.facets import FACETS
from services.reporting.index.sums import Basis, Selection
from services.reporting.reports.period import Period

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
Pairs = list[tuple[str, str]]
"""What stands in an address, in its order."""
BASES: Final = {
    Basis.receipt: "Referrals received on these days, and whatever became of them since.",
    Basis.event: "What happened on these days, whenever the referral was received.",
}
WORDS: Final = ("period", "from", "to", "counted_by", *FACETS)


class Unclear(Exception):
    """What has to be changed: pairs of a parameter and what to do about it."""

    def __init__(self, fixes: list[tuple[str, str]]) -> None:
        super().__init__("the question needs a change")
        self.fixes = fixes


@dataclass(frozen=True)
class Question:
    """What a report is about."""

    period: Period
    basis: Basis = Basis.receipt
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def selection(self) -> Selection:
        """The same for the columns."""
        return Selection(*self.period.ordinals, self.basis, self.facets)

    def describe(self) -> dict[str, Any]:
        """As it stands in a report."""
        narrowed = {name: sorted(terms) for name, terms in self.facets.items()}
        counted = {"counted_by": self.basis.value, "counted_by_means": BASES[self.basis]}
        return {"period": self.period.describe() | counted, "filters": narrowed}

    def address(self) -> str:
        """As it stands behind the question mark of an address."""
        return urlencode(self.pairs())

    def pairs(self) -> Pairs:
        """The same in pairs; a period's days stand for its name."""
        days = {"from": self.period.first, "to": self.period.last}
        pairs = [(name, day.isoformat()) for name, day in days.items() if day]
        pairs += [("counted_by", self.basis.value)] if self.basis is not Basis.receipt else []
        return pairs + [(name, term) for name, terms in self.facets.items() for term in sorted(terms)]


def ask(pairs: Iterable[tuple[str, str]], zone: ZoneInfo) -> Question:
    """Reads the pairs of an address; those without a value are as if they were not there. Unclear where they make no sense."""
    told = [(name, value) for name, value in pairs if value]
    fixes = [("", f"take out what is none of {', '.join(WORDS)}")] if {name for name, _ in told} - set(WORDS) else []
    once = {name: value for name, value in told if name not in FACETS}
    period = _read(fixes, _period, once, zone)
    basis = _read(fixes, _basis, once)
    facets = {name: frozenset(value for other, value in told if other == name) for name, _ in told if name in FACETS}
    unknown = [FACETS[name] for name, terms in facets.items() if terms - {*FACETS[name].terms}]
    fixes += [(facet.name, f"give one of {', '.join(facet.terms)}") for facet in unknown]
    if fixes or period is None or basis is None:
        raise Unclear(fixes)
    return Question(period, basis, facets)


def compared(question: Question, word: str) -> Question | None:
    """The same question of the period to compare with: `before`, `year`, or one that has a name. Unclear for another word.

    None where nothing is to be compared, or the question's own period is open on a side.
    """
    if not word:
        return None
    known = {"before": question.period.before, "year": question.period.year_before}
    try:
        period = known[word]() if word in known else Period.called(word, question.period.zone)
    except ValueError:
        raise Unclear([("compare", "give before, year, or a period such as FY2026")]) from None
    return Question(period, question.basis, question.facets) if period else None


def _read(fixes: list[tuple[str, str]], reading: Any, *told: Any) -> Any:
    try:
        return reading(*told)
    except Unclear as unclear:
        fixes += unclear.fixes
        return None


def _period(once: Mapping[str, str], zone: ZoneInfo) -> Period:
    if "period" in once:
        if "from" in once or "to" in once:
            raise Unclear([("period", "give either a period or days")])
        try:
            return Period.called(once["period"], zone)
        except ValueError:
            raise Unclear([("period", "give one like FY2026, FY2026-Q1, CY2026, CY2026-Q1 or CY2026-01")]) from None
    first, last = _day(once, "from"), _day(once, "to")
    if first and last and first > last:
        raise Unclear([("from", "give a day that is not after `to`")])
    return Period(first, last, zone)


def _day(once: Mapping[str, str], name: str) -> date | None:
    if name not in once:
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", once[name]):
        try:
            day = date.fromisoformat(once[name])
        except ValueError:
            pass
        else:
            if EARLIEST <= day <= LATEST:
                return day
    raise Unclear([(name, f"give a date that exists, as YYYY-MM-DD, from {EARLIEST} to {LATEST}")])


def _basis(once: Mapping[str, str]) -> Basis:
    try:
        return Basis(once.get("counted_by", Basis.receipt))
    except ValueError:
        raise Unclear([("counted_by", "give receipt or event")]) from None
