"""A table as a page shows it: in words, with a chart where it makes a picture, and with what the chart says as text. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting.exports.charts import MOST_BARS, Bar, bars, totals
from services.reporting.exports.sheets import Row, Sheet
from services.reporting.exports.words import HIDDEN, figure, term

Link = Callable[[Sheet, tuple[str, ...]], str]


@dataclass(frozen=True)
class Shown:
    """`names` of the head's columns say which row it is. `rows` are words; the first `names` of each are its name.

    `links`: for each row where the cases behind its figure are; empty for none. `linked`: the column that leads there.
    """

    id: str
    title: str
    definition: str
    summary: str
    head: tuple[str, ...]
    names: int
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    links: tuple[str, ...] = ()
    linked: int = 0


def shown(sheet: Sheet, before: Sheet | None = None, link: Link | None = None) -> Shown:
    """The sheet; `before`: the same of an earlier period, to compare with; `link`: the address of the cases behind a row."""
    rows = [row for row in sheet.rows if any(row[1]) or None in row[1]] if len(sheet.rows) > MOST_BARS else list(sheet.rows)
    earlier = {names: figures for names, figures in before.rows} if before else {}
    head = (*(term(by) for by in sheet.by or ("",)), *(term(column) for column in sheet.columns))
    compared = sheet.total is not None and before is not None
    return Shown(
        sheet.name,
        sheet.title,
        sheet.definition,
        _summary(sheet, rows),
        (*head, "Before", "Change") if compared else head,
        max(len(sheet.by), 1),
        tuple((*_words(sheet, row), *(_compared(sheet, row, earlier) if compared else ())) for row in rows),
        bars(totals(sheet, rows)),
        tuple(link(sheet, names) if figures[sheet.leads] else "" for names, figures in rows) if link else (),
        max(len(sheet.by), 1) + sheet.leads,
    )


def _words(sheet: Sheet, row: Row) -> tuple[str, ...]:
    names, figures = row
    told = (figure(value, sheet.unit, column=column) for column, value in zip(sheet.columns, figures, strict=True))
    return (*(map(term, names) if names else ("All",)), *told)


def _compared(sheet: Sheet, row: Row, earlier: Mapping[Any, Sequence[Any]]) -> tuple[str, str]:
    assert sheet.total is not None
    now, was = row[1][sheet.total], earlier[row[0]][sheet.total] if row[0] in earlier else 0
    return figure(was), HIDDEN if None in (now, was) else f"{now - was:+,}" if now != was else "0"


def _summary(sheet: Sheet, rows: Sequence[Row]) -> str:
    """What one would say of it on the telephone."""
    if sheet.total is None:
        return _of_times(sheet, rows)
    place = sheet.total
    known = sorted(((figures[place], names) for names, figures in rows if figures[place]), key=lambda one: -one[0])
    hidden = sum(figures[place] is None for _, figures in rows)
    told = [f"{', '.join(map(term, names)) or 'All'}: {count:,}" for count, names in known[:3]]
    first = f"The largest are {'; '.join(told)}." if len(known) > 3 else f"{'; '.join(told)}." if told else "Nothing."
    return f"{first} {hidden} of {len(rows)} totals are hidden." if hidden else first


def _of_times(sheet: Sheet, rows: Sequence[Row]) -> str:
    values = dict(zip(sheet.columns, rows[-1][1], strict=True))
    if not values["count"]:
        return "None has ended yet."
    half, most = (figure(values[column], sheet.unit, column=column) for column in ("median", "p90"))
    told = f"Half of {values['count']:,} took at most {half}, nine in ten at most {most}."
    share = values["share_within_target"]
    return told if share is None else f"{told} {share:.0%} of {values['judged']:,} were within their target."
