"""Works out a report: every measure over the cases of a selection, with what it says of itself."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any, Final

from services.reporting import metrics
from services.reporting.figures.measure import Targets
from services.reporting.index.caseload import Caseload
from services.reporting.index.index import Index
from services.reporting.index.sums import Basis, add_up
from services.reporting.measures import BY_NAME, describe_measures
from services.reporting.reports.access import Audience
from services.reporting.reports.equity import equity
from services.reporting.reports.named_report import NamedReport, last_over
from services.reporting.reports.period import Period
from services.reporting.reports.question import Question
from services.reporting.reports.tables import Figures, tables
from services.reporting.reports.trends import trend

AUDIENCE: Final = Audience.internal.value
"""True counts, however small: not for publication. Others are shown releases (`releases`), in which small cells are hidden."""


class NotLoaded(Exception):
    """The cases are still being read."""


class Reports:
    """The use case behind the API and the pages."""

    def __init__(self, caseload: Caseload, targets: Targets, named: Mapping[str, NamedReport] | None = None) -> None:
        self._caseload = caseload
        self._targets = targets
        self.named = named or {}

    @property
    def zone(self) -> Any:
        """The zone in which days begin and end."""
        return self._caseload.zone

    @property
    def index(self) -> Index:
        """The sets that figures are counted in."""
        return self._caseload.index

    @property
    def loaded(self) -> bool:
        """Whether there are figures yet."""
        return self._caseload.as_of is not None

    def figures(self, question: Question, measures: Container[str] = BY_NAME) -> Figures:
        """The rows of these measures. NotLoaded at the start."""
        self._loaded()
        with metrics.REPORT_SECONDS.time():
            sums = add_up(self._caseload.index, question.selection, measures)
            return tables(sums, question.basis, self._targets, measures)

    def report(self, question: Question, measures: Container[str] = BY_NAME) -> dict[str, Any]:
        """The figures as they stand now. NotLoaded at the start."""
        about = {"audience": AUDIENCE, **question.describe(), **self.as_of()}
        figures = self.figures(question, measures)
        return about | {"definitions": describe_measures(figures), "figures": figures}

    def content(self, question: Question, period: str, measures: Container[str] = BY_NAME) -> dict[str, Any]:
        """The report as exports take it; `period` is its name, where it has one."""
        report = self.report(question, measures)
        named = {"name": period} if period else {}
        return {**report, "period": named | report["period"], "figures": {question.basis.value: report["figures"]}}

    def snapshot(self, period: str) -> dict[str, Any]:
        """What is frozen of a period that has a name: its true figures, by receipt and by event. NotLoaded, ValueError."""
        questions = {basis: Question(Period.called(period, self.zone), basis) for basis in Basis}
        figures = {basis.value: self.figures(question) for basis, question in questions.items()}
        return self.head(period, Audience.internal) | {"figures": figures, "definitions": describe_measures(BY_NAME)}

    def head(self, period: str, audience: Audience) -> dict[str, Any]:
        """How frozen content begins."""
        return {"audience": audience.value, "period": {"name": period, **Period.called(period, self.zone).describe()}}

    def due(self, name: str, question: Question) -> Question:
        """What a report that has a name is about: the question's days, or the last ones that are over. KeyError, NotLoaded."""
        if question.period != Period(None, None, self.zone):
            return question
        last = Period(*last_over(self.named[name].every, self.today()), self.zone)
        return Question(last, question.basis, question.facets)

    def answer(self, name: str, question: Question) -> dict[str, Any]:
        """A report that has a name, of what it is about. KeyError, NotLoaded."""
        asked, named = self.due(name, question), self.named[name]
        figures = {
            basis: self.figures(Question(asked.period, basis, asked.facets), named.measures_by(basis)) for basis in Basis
        }
        about = {"audience": AUDIENCE, **asked.describe(), **self.as_of()}
        return about | {"period": asked.period.describe()} | named.answer(figures)

    def frozen_answer(self, name: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The same of true figures that were frozen. KeyError where there is no such report."""
        figures = {Basis(basis): figures for basis, figures in content["figures"].items()}
        return {"audience": AUDIENCE, "period": content["period"], **self.named[name].answer(figures)}

    def equity(self, question: Question) -> dict[str, Any]:
        """Access, waiting and outcomes by group. NotLoaded at the start."""
        about = {"audience": AUDIENCE, **question.describe(), **self.as_of()}
        return about | {"groups": equity(self._caseload.index, question.selection)}

    def trend(self, question: Question) -> dict[str, Any]:
        """What happened in each month of the period. NotLoaded at the start."""
        about = {"audience": AUDIENCE, **question.describe(), **self.as_of()}
        return about | {"months": trend(self._caseload.index, question.selection, self.today())}

    def today(self) -> date:
        """The local day of the last look."""
        day: date = self._loaded().astimezone(self.zone).date()
        return day

    def as_of(self) -> dict[str, Any]:
        """How fresh the figures are, and what is not in them yet."""
        now, newest = self._loaded(), self._caseload.newest
        moments = {"now": now.isoformat(), "newest_event": newest.isoformat() if newest else None}
        return {"as_of": moments, "without_receipt": self._caseload.without_receipt}

    def _loaded(self) -> Any:
        if self._caseload.as_of is None:
            raise NotLoaded
        return self._caseload.as_of
