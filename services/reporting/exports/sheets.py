"""The tables of a report or a release, in one shape for every export and page. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.reporting.measures import BY_NAME, TOPICS
from shared.vocabulary import UNRECOGNIZED

Row = tuple[tuple[str, ...], tuple[Any, ...]]
"""What it is called, and its figures."""
TOPIC_OF = {measure.name: topic for topic, measures in TOPICS.items() for measure in measures}


@dataclass(frozen=True)
class Sheet:
    """One measure: `by` names the columns that say which row it is, `columns` those of figures.

    A count that is None is hidden. The column of terms from newer versions is there where it is not all zero. `asked`: it
    answers a line that somebody waits for, and is shown also where nothing is in it.
    """

    topic: str
    name: str
    title: str
    definition: str
    unit: str
    counted_by: str
    by: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    asked: bool = False

    @property
    def counts(self) -> bool:
        """Whether its figures are counts: one that is missing is then hidden, and else a time of nothing."""
        return self.unit not in ("seconds", "milliseconds")

    @property
    def total(self) -> int | None:
        """Where `total` stands among the columns; nowhere in a table of times, or where it was not chosen."""
        return self.columns.index("total") if "total" in self.columns else None

    @property
    def leads(self) -> int:
        """Where the figure stands that has cases behind it: all of a row's counts, or its times that ended."""
        return self.columns.index("total" if self.counts else "count")


def sheets(content: Mapping[str, Any]) -> Iterator[Sheet]:
    """Those of a report's or release's content: `figures` by basis, or `lines` that somebody waits for; and `definitions`."""
    if "lines" in content:
        yield from map(sheet_of, content["lines"])
        return
    words = {one["name"]: one for one in content["definitions"]}
    for basis, figures in content["figures"].items():
        for name, rows in figures.items():
            if rows:
                yield _sheet(words[name], basis, rows)


def sheet_of(line: Mapping[str, Any]) -> Sheet:
    """The rows that answer a line of a report that has a name; none where our figures do not answer it."""
    if line["rows"]:
        found = _sheet(BY_NAME[line["measure"]].describe(), line["counted_by"], line["rows"])
        return replace(found, topic="report", title=line["asks"], asked=True)
    why = line.get("missing") or "None."
    return Sheet("report", line.get("measure", ""), line["asks"], why, "", line.get("counted_by", ""), (), (), (), asked=True)


def _sheet(words: Mapping[str, Any], basis: str, rows: list[Mapping[str, Any]]) -> Sheet:
    by = tuple(words["by"])
    new_terms = any(row.get(UNRECOGNIZED) != 0 for row in rows)
    columns = tuple(column for column in rows[0] if column not in by and (column != UNRECOGNIZED or new_terms))
    shown = tuple((tuple(row[one] for one in by), tuple(row[one] for one in columns)) for row in rows)
    return Sheet(
        TOPIC_OF[words["name"]],
        words["name"],
        words["title"],
        words["definition"],
        words["unit"],
        basis,
        by,
        columns,
        shown,
    )
