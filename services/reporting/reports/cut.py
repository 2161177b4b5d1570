"""What of a report is taken along: which measures, and which columns of their figures. Pure.

    measure=received_by_town&measure=closure&column=labor&column=total

Each may come several times; without any, everything is taken. What says which row a figure stands in is always there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.figures.measure import TYPES
from services.reporting.measures import BY_NAME
from services.reporting.reports.question import Pairs, Unclear

COUNTED: Final = (*TYPES, "total", "new", "continuing")
TIMED: Final = ("count", "not_ended", "median", "p90", "target", "judged", "within_target", "share_within_target")
COLUMNS: Final = (*COUNTED, *TIMED)
"""Every column of figures that there is; a measure has those of counts or those of times."""

_TERMS: Final[Mapping[str, Iterable[str]]] = {"measure": BY_NAME, "column": COLUMNS}


@dataclass(frozen=True)
class Cut:
    """Names of measures and of columns; an empty set is all of them."""

    measures: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    def of(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was chosen of an export's content, and what that was. A measure without any such column is left out."""
        if not self.measures and not self.columns:
            return content
        chosen = {"measures": sorted(self.measures), "columns": sorted(self.columns, key=COLUMNS.index)}
        cut = {**content, "chosen": chosen, "definitions": [one for one in content["definitions"] if self._wants(one["name"])]}
        if "lines" in content:
            return cut | {"lines": [*self._lines(content["lines"])]}
        return cut | {"figures": {basis: self._figures(figures) for basis, figures in content["figures"].items()}}

    def _wants(self, measure: str) -> bool:
        return not self.measures or measure in self.measures

    def _lines(self, lines: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Those without rows say why, and stay."""
        for line in lines:
            rows = self._rows(line["measure"], line["rows"]) if line["rows"] else []
            if self._wants(line.get("measure", "")) and bool(rows) is bool(line["rows"]):
                yield {**line, "rows": rows}

    def _figures(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: self._rows(name, rows) for name, rows in figures.items() if self._wants(name)}
        return {name: rows for name, rows in found.items() if rows}

    def _rows(self, measure: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        names = BY_NAME[measure].by
        cut = [{name: value for name, value in row.items() if name in names or self._shows(name)} for row in rows]
        return [row for row in cut if len(row) > len(names)]

    def _shows(self, column: str) -> bool:
        return not self.columns or column in self.columns


def taken(pairs: Iterable[tuple[str, str]]) -> tuple[Cut, Pairs]:
    """What an address chooses, and the pairs about something else. Unclear for a measure or column that there is not."""
    told = list(pairs)
    chosen = {name: frozenset(value for other, value in told if other == name and value) for name in _TERMS}
    wrong = [name for name, terms in _TERMS.items() if chosen[name] - set(terms)]
    if wrong:
        raise Unclear([(name, f"give one of {', '.join(_TERMS[name])}") for name in wrong])
    return Cut(chosen["measure"], chosen["column"]), [pair for pair in told if pair[0] not in _TERMS]
