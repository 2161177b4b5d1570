"""The form that narrows the figures down: what can be chosen, and what is. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.exports.words import term
from services.reporting.figures.facets import FACETS
from services.reporting.reports.question import BASES, Question
from shared.vocabulary import UNRECOGNIZED


@dataclass(frozen=True)
class Choice:
    """One of a select's options."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """A question with options; the first says that it is left open."""

    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def several(self) -> bool:
        """Whether more than one is chosen."""
        return sum(choice.chosen for choice in self.choices) > 1


def selects(question: Question, period: str, today: date) -> list[Select]:
    """Period, basis and every facet."""
    periods = [Choice("", "The days beside, or all", not period)]
    periods += _periods(period, today)
    bases = [Choice(str(basis), words, basis is question.basis) for basis, words in BASES.items()]
    facets = [_facet(name, question.facets.get(name, frozenset())) for name in FACETS]
    return [Select("period", "Period", periods), Select("counted_by", "Counted by", bases), *facets]


def _periods(chosen: str, today: date) -> list[Choice]:
    """Those that can be chosen; one that is older or a month is there where it is chosen."""
    known = dict(periods_until(today))
    if chosen and chosen not in known:
        known = {chosen: chosen} | known
    return [Choice(name, words, name == chosen) for name, words in known.items()]


def _facet(name: str, chosen: frozenset[str]) -> Select:
    terms = [one for one in FACETS[name].terms if one != UNRECOGNIZED or one in chosen]
    options = [Choice("", "All", not chosen), *(Choice(one, term(one), one in chosen) for one in terms)]
    return Select(name, FACETS[name].title, options)


def periods_until(today: date) -> Iterator[tuple[str, str]]:
    """Named periods that have begun, the newest first: the fiscal years and calendar years of the last three."""
    fiscal = today.year + (today.month >= 10)
    for year in range(fiscal, fiscal - 3, -1):
        yield f"FY{year}", f"Fiscal year {year}"
        yield from ((f"FY{year}-Q{number}", f"Fiscal year {year}, quarter {number}") for number in (1, 2, 3, 4))
    for year in range(today.year, today.year - 3, -1):
        yield f"CY{year}", f"Calendar year {year}"
        yield from ((f"CY{year}-Q{number}", f"Calendar year {year}, quarter {number}") for number in (1, 2, 3, 4))


COMPARISONS: Final = (("", "Nothing"), ("before", "As many days before"), ("year", "The same days a year before"))


def comparison(chosen: str, today: date) -> Select:
    """What the period is compared with."""
    words = [Choice(value, words, value == chosen) for value, words in COMPARISONS]
    named = "" if chosen in dict(COMPARISONS) else chosen
    return Select("compare", "Compare with", [*words, *_periods(named, today)])
