"""The coded cases behind a figure, a page at a time, for the inside. The ledger has it before anything is shown."""

from itertools import islice
from typing import Any, Final

from services.reporting.behind.drill import NAMES, Behind, behind, coded
from services.reporting.extract.deed import Deed, Kind
from services.reporting.extract.ledger import Ledger
from services.reporting.figures.measure import Case
from services.reporting.index.numbers import Numbers
from services.reporting.measures import BY_NAME
from services.reporting.reports.question import Pairs, Question, ask
from services.reporting.reports.report import AUDIENCE, Reports
from services.reporting.store import Cases
from shared.clock import Clock
from shared.principal import Principal, Role

MOST: Final = 50
"""Cases on a page."""


class CasesBehind:
    """The use case."""

    def __init__(self, reports: Reports, cases: Cases, numbers: Numbers, ledger: Ledger, clock: Clock) -> None:
        self._reports = reports
        self._cases = cases
        self._numbers = numbers
        self._ledger = ledger
        self._clock = clock

    async def answer(self, pairs: Pairs, who: Principal) -> dict[str, Any]:
        """The figure that an address names with its cases, up to `MOST`, and `next`: what to ask for after them.

        The coordinator, who may open cases at the desk, sees their ids. Unclear, NotLoaded, Busy, PyMongoError.
        """
        question = ask([pair for pair in pairs if pair[0] not in NAMES], self._reports.zone)
        figure, after = behind(pairs, question.basis)
        about = {"audience": AUDIENCE, **question.describe(), **self._reports.as_of()}
        about |= {"measure": figure.measure, "row": list(figure.row), "column": figure.column}
        about |= {"figure": figure.told(self._reports.figures(question)), "unit": BY_NAME[figure.measure].unit}
        numbers = figure.numbers(self._reports.index, question.selection)
        found = list(islice(numbers.iter_equal_or_larger(after + 1), MOST + 1))
        cases = [self._shown(case, question, figure, who) for case in await self._load(found[:MOST])]
        await self._ledger.add(self._deed(question, figure, len(cases), who))
        return about | {"cases": cases, "next": str(found[MOST - 1]) if len(found) > MOST else None}

    async def _load(self, numbers: list[int]) -> list[Case]:
        """The cases of these numbers, in their order: roughly that in which they came in."""
        ids = await self._numbers.referrals(numbers)
        known = {case["_id"]: case for case in await self._cases.some(ids.values())}
        return [known[ids[number]] for number in numbers if ids.get(number) in known]

    def _shown(self, case: Case, question: Question, figure: Behind, who: Principal) -> dict[str, Any]:
        opened = {"referral_id": case["_id"]} if Role.coordinator in who.roles else {}
        zone = self._reports.zone
        return opened | coded(case, zone) | {"times": figure.times(case, question.selection, zone)}

    def _deed(self, question: Question, figure: Behind, rows: int, who: Principal) -> Deed:
        roles = sorted(role.value for role in who.roles)
        told = {"question": question.address(), "measure": figure.measure, "row": list(figure.row), "column": figure.column}
        return Deed(self._clock(), Kind.cases_read.value, who.subject, told | {"roles": roles, "rows": rows})
