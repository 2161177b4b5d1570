"""What every page of the inside begins with: who asks, and what for. A problem becomes an error page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.reporting.behind.drill import Behind
from services.reporting.exports.sheets import Sheet
from services.reporting.index.sums import Basis
from services.reporting.reports.access import guard
from services.reporting.reports.asked import Who, to_fix
from services.reporting.reports.question import Pairs, Question, Unclear, ask, compared
from services.reporting.reports.report import Reports
from shared.principal import Principal
from shared.problems import Problem


@dataclass(frozen=True)
class Asked:
    """`pairs`: the question as it stands in the address, without what it is compared with. `earlier`: that."""

    question: Question
    pairs: Pairs
    compare: str = ""
    earlier: Question | None = None


class Guarded:
    """Lets the coordinator and analysts in, by the token in the header Authorization, and reads their question."""

    def __init__(self, reports: Reports, who: Who) -> None:
        self._reports = reports
        self._guard = guard(who)

    async def who(self, request: Request) -> Principal:
        """Who asks. HTTPException for anybody else."""
        try:
            return await self._guard(request)
        except Problem as problem:
            raise page_of(problem) from None

    async def asked(self, request: Request, without: Iterable[str] = ()) -> Asked:
        """The question, whose pairs are all but those named. HTTPException where it makes no sense, or not now."""
        await self.who(request)
        compare = request.query_params.get("compare", "")
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in {"compare", *without}]
        try:
            question = ask(pairs, self._reports.zone)
            asked = Asked(question, [pair for pair in pairs if pair[1]], compare, compared(question, compare))
        except Unclear as unclear:
            raise page_of(to_fix(unclear)) from None
        if not self._reports.loaded:
            raise HTTPException(503, headers={"Retry-After": "15"})
        return asked


def page_of(problem: Problem) -> HTTPException:
    """The problem as an error page."""
    return HTTPException(problem.kind.status, headers=problem.headers)


def link_from(question: Question) -> Callable[[Sheet, tuple[str, ...]], str]:
    """The address of the cases behind a row of a sheet; days and filters are the question's, the basis is the sheet's."""

    def link(sheet: Sheet, row: tuple[str, ...]) -> str:
        figure = Behind(sheet.name, row, sheet.columns[sheet.leads])
        asked = Question(question.period, Basis(sheet.counted_by), question.facets)
        return f"/figures/inside/cases?{urlencode([*asked.pairs(), *figure.address()])}"

    return link
