"""What an address asks for, as the APIs and the pages read it: a Problem where it makes no sense."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from services.reporting.figures.facets import FACETS, Facet
from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME
from services.reporting.reports.cut import COLUMNS, Cut, taken
from services.reporting.reports.question import Pairs, Question, Unclear, ask
from services.reporting.reports.report import NotLoaded, Reports
from shared.principal import Principal
from shared.problems import Fix, Problem, ProblemKind

Who = Callable[[Request], Awaitable[Principal]]
_DAY = {"type": "string", "format": "date"}


def _several(facet: Facet) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": [*facet.terms]}}


def _chosen(name: str, words: str, terms: Any) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string", "enum": [*terms]}}
    return {"name": name, "in": "query", "description": words, "schema": schema}


QUESTION: list[dict[str, Any]] = [
    {"name": "period", "in": "query", "description": "like FY2026, FY2026-Q1, CY2026-01", "schema": {"type": "string"}},
    {"name": "from", "in": "query", "description": "first day, local time; all from the start without it", "schema": _DAY},
    {"name": "to", "in": "query", "description": "last day, local time; all until now without it", "schema": _DAY},
    {"name": "counted_by", "in": "query", "schema": {"type": "string", "enum": [str(basis) for basis in Basis]}},
    *({"name": name, "in": "query", "description": f.title, "schema": _several(f)} for name, f in FACETS.items()),
]
"""The parameters of a question, as OpenAPI has them."""

CUT: list[dict[str, Any]] = [
    _chosen("measure", "only these measures; all without it", BY_NAME),
    _chosen("column", "only these columns of figures; all without it", COLUMNS),
]
"""Those that choose what is taken along."""


def question_of(pairs: Pairs, reports: Reports) -> Question:
    """What the address asks for."""
    try:
        return ask(pairs, reports.zone)
    except Unclear as unclear:
        raise to_fix(unclear) from None


def cut_of(request: Request) -> tuple[Cut, Pairs]:
    """What the address chooses of it, and the rest of the address."""
    try:
        return taken(request.query_params.multi_items())
    except Unclear as unclear:
        raise to_fix(unclear) from None


def to_fix(unclear: Unclear) -> Problem:
    """What has to be changed, as a Problem."""
    fixes = [Fix(field=field, fix=fix) for field, fix in unclear.fixes]
    return Problem(ProblemKind.invalid, "Change what is listed and send it again.", errors=fixes)


def loaded(work: Callable[[Question], dict[str, Any]], question: Question) -> dict[str, Any]:
    """What was worked out. Problem while the cases are still being read."""
    try:
        return work(question)
    except NotLoaded:
        detail = "The cases are still being read. Try again in a minute."
        raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None
