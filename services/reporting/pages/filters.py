"""The form that narrows the figures down: what can be chosen, and what is. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.facets import FACETS
from services.reporting.question import BASES, Question
from services.reporting.words import term
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


def selects(question: Question, period: str, today: date) -> list[Select]:
    """Period, basis and every facet."""
    periods = [Choice("", "All days" if not (question.period.first or question.period.last) else "The days above", not period)]
    periods += [Choice(name, words, name == period) for name, words in periods_until(today)]
    bases = [Choice(str(basis), words, basis is question.basis) for basis, words in BASES.items()]
    facets = [_facet(name, question.facets.get(name, frozenset())) for name in FACETS]
    return [Select("period", "Period", periods), Select("counted_by", "Counted by", bases), *facets]


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
