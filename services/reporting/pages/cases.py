"""The coded cases behind a figure, as a page of the inside."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.reporting.behind.api import cases_of
from services.reporting.behind.behind import CasesBehind
from services.reporting.behind.drill import COUNTED, NAMES, TIMED
from services.reporting.exports.sheets import TOPIC_OF
from services.reporting.exports.words import term
from services.reporting.figures.measure import Timing
from services.reporting.measures import BY_NAME
from services.reporting.pages.guarded import Guarded, page_of
from shared.pages import Pages
from shared.problems import Problem


class CasePages:
    """One page, on which one can go on, and narrow the figure down to another column."""

    def __init__(self, pages: Pages, behind: CasesBehind | None, guarded: Guarded) -> None:
        self._pages = pages
        self._behind = behind
        self._guarded = guarded

    def routes(self) -> list[Route]:
        """Below /figures."""
        return [Route("/inside/cases", self._cases)]

    async def _cases(self, request: Request) -> HTMLResponse:
        who, asked = await self._guarded.who(request), await self._guarded.asked(request, NAMES)
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "compare"]
        try:
            told = await cases_of(self._behind, pairs, who)
        except Problem as problem:
            raise page_of(problem) from None
        measure = BY_NAME[told["measure"]]
        here = [pair for pair in pairs if pair[0] not in ("column", "after")]
        columns = TIMED if isinstance(measure, Timing) else COUNTED[asked.question.basis]
        values: dict[str, Any] = {
            "told": told,
            "row": [term(one) for one in told["row"]],
            "head": [term(name) for name in told["cases"][0]] if told["cases"] else [],
            "rows": [[_words(name, value) for name, value in case.items()] for case in told["cases"]],
            "measure": measure,
            "question": asked.question,
            "columns": [(one, urlencode([*here, ("column", one)])) for one in columns],
            "after": urlencode([*here, ("column", told["column"]), ("after", told["next"])]) if told["next"] else "",
            "back": f"/figures/inside/{TOPIC_OF[measure.name]}?{urlencode(asked.pairs)}#{measure.name}",
        }
        return self._pages.response("cases.html", **values)


def _words(name: str, value: Any) -> str:
    if name in ("referral_id", "received", "times"):
        return str(value)
    if name == "agencies":
        return "; ".join(f"{term(one['agency'])}: {term(one['status'])}" for one in value)
    return ", ".join(map(term, [value] if isinstance(value, str) else value))
