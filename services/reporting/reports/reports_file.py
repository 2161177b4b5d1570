"""The reports of config/reports.yaml."""

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from services.reporting.figures.measure import Count
from services.reporting.index.sums import Basis
from services.reporting.measures import BY_NAME
from services.reporting.reports.named_report import Every, Line, NamedReport


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    asks: str
    measure: str = ""
    counted_by: Basis = Basis.event
    where: dict[str, list[str]] = {}
    missing: str = ""

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if bool(self.measure) is bool(self.missing):
            raise ValueError("give either a measure or, where there is none, why it is missing")
        if self.measure:
            self._of_a_measure()
        return self

    def _of_a_measure(self) -> None:
        measure = BY_NAME.get(self.measure)
        if not isinstance(measure, Count):
            raise ValueError(f"no such count: {self.measure}")
        if self.counted_by is Basis.event and not measure.has_dates:
            raise ValueError(f"{self.measure} has no dates: count it by receipt")
        if unknown := sorted(set(self.where) - set(measure.by)):
            raise ValueError(f"{self.measure} has no column {unknown[0]}; it has {', '.join(measure.by) or 'none'}")

    def line(self) -> Line:
        return Line(self.asks, self.measure, self.counted_by, self.where, self.missing)


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    every: Every
    lines: list[_Line]


class _ReportsFile(RootModel[dict[str, _Report]]):
    pass


def load_reports(config_dir: Path) -> dict[str, NamedReport]:
    """Reads and checks reports.yaml. ValueError says what is wrong, and where."""
    content = _ReportsFile.model_validate(yaml.safe_load((config_dir / "reports.yaml").read_text())).root
    return {
        name: NamedReport(name, report.title, report.every, [line.line() for line in report.lines])
        for name, report in content.items()
    }
