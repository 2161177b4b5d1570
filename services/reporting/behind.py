"""The coded cases behind a figure, a page at a time, for the inside. The ledger has it before anything is shown."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from services.reporting.caseload import Caseload
from services.reporting.drill import NAMES, After, Behind, behind, coded
from services.reporting.extract.chain import Deed, Kind
from services.reporting.extract.ledger import Ledger
from services.reporting.figures import Case
from services.reporting.measures import BY_NAME
from services.reporting.question import Pairs, Question, ask
from services.reporting.report import AUDIENCE, Reports
from services.reporting.store import Cases
from shared.clock import Clock
from shared.principal import Principal, Role

MOST: Final = 50
"""Cases on a page."""


Place = tuple[After, Case, int]
"""A case, where it stands among those behind the figure, and how often it counts in it."""


class CasesBehind:
    """The use case."""

    def __init__(self, reports: Reports, cases: Cases, caseload: Caseload, ledger: Ledger, clock: Clock) -> None:
        self._reports = reports
        self._cases = cases
        self._caseload = caseload
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
        found = [one async for one in self._page(question, figure, after)]
        shown = found[:MOST]
        await self._ledger.add(self._deed(question, figure, len(shown), who))
        opened = Role.coordinator in who.roles
        cases = [
            {**({"referral_id": case["_id"]} if opened else {}), **coded(case, self._reports.zone), "times": times}
            for _, case, times in shown
        ]
        return about | {"cases": cases, "next": str(shown[-1][0]) if len(found) > MOST else None}

    async def _page(self, question: Question, figure: Behind, after: After | None) -> AsyncIterator[Place]:
        """One more than fit on it."""
        left = MOST + 1
        async for place in self._found(question, figure, after):
            yield place
            left -= 1
            if not left:
                return

    async def _found(self, question: Question, figure: Behind, after: After | None) -> AsyncIterator[Place]:
        """The cases that come after a place."""
        zone, place = self._caseload.zone, After(0, 0)
        since = datetime.fromtimestamp(after.ms / 1000, zone).date() if after else date.min
        for day in self._caseload.days_with(figure, question.selection):
            if day < since:
                continue
            for case in await self._of(day):
                times = figure.times(case, question.selection, zone)
                if times:
                    ms = round(case["intake"]["received"].timestamp() * 1000)
                    place = After(ms, place.shown + 1 if place.ms == ms else 1)
                    if after is None or (place.ms, place.shown) > (after.ms, after.shown):
                        yield place, case, times

    async def _of(self, day: date) -> list[Case]:
        since = datetime.combine(day, time(), self._caseload.zone)
        until = datetime.combine(day + timedelta(days=1), time(), self._caseload.zone)
        cases = [case async for case in self._cases.received(since, until)]
        return sorted(cases, key=lambda case: (case["intake"]["received"], case["_id"]))

    def _deed(self, question: Question, figure: Behind, rows: int, who: Principal) -> Deed:
        roles = sorted(role.value for role in who.roles)
        told = {"question": question.address(), "measure": figure.measure, "row": list(figure.row), "column": figure.column}
        return Deed(self._clock(), Kind.cases_read.value, who.subject, told | {"roles": roles, "rows": rows})
