"""Charts: bars beside their names and figures, as SVG that also says in words what it shows. Pure.

Names and figures are text, so that the picture needs no colour to be understood and prints as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from services.reporting.exports.sheets import Row, Sheet
from services.reporting.exports.words import figure, term

MOST_BARS: Final = 14
"""More rows make no picture."""
ACROSS: Final = 640
WIDTH: Final = 300
"""Of the longest bar."""
LINE: Final = 26
_NAME_ENDS, _BAR_BEGINS, _LONGEST_NAME = 232, 240, 34
_SVG: Final = Markup('<svg class="chart" role="img" viewBox="0 0 {} {}" aria-label="{}">{}</svg>')
_BAR: Final = Markup('<rect class="bar" x="{}" y="{}" width="{}" height="18"></rect>')
_TEXT: Final = Markup('<text x="{}" y="{}"{}>{}</text>')
_AXIS: Final = Markup('<line class="axis" x1="{0}" x2="{0}" y1="4" y2="{1}"></line>')


@dataclass(frozen=True)
class Bar:
    """`length` in the picture's units; None where the figure is hidden."""

    name: str
    text: str
    length: float | None


def totals(sheet: Sheet, rows: Sequence[Row]) -> list[tuple[str, int | None]]:
    """Names and totals of these rows, where they make a picture; None is hidden."""
    if sheet.total is None or not sheet.by or not 1 < len(rows) <= MOST_BARS:
        return []
    return [(", ".join(map(term, names)), figures[sheet.total]) for names, figures in rows]


def bars(named: Sequence[tuple[str, int | None]]) -> tuple[Bar, ...]:
    """Bars of these lengths."""
    most = max((value or 0 for _, value in named), default=0) or 1
    return tuple(Bar(name, figure(value), None if value is None else round(WIDTH * value / most, 1)) for name, value in named)


def chart(shown: Sequence[Bar], title: str) -> Markup:
    """The picture, of which a page's style sheet says how it looks."""
    said = f"{title}: {'; '.join(f'{bar.name} {bar.text}' for bar in shown)}."
    return _SVG.format(ACROSS, height(shown), said, drawing(shown))


def height(shown: Sequence[Bar]) -> int:
    """Of the picture."""
    return LINE * len(shown) + 8


def drawing(shown: Sequence[Bar]) -> Markup:
    """What is in the picture."""
    lines = Markup().join(_line(bar, LINE * number) for number, bar in enumerate(shown))
    return lines + _AXIS.format(_BAR_BEGINS, height(shown) - 4)


def _line(bar: Bar, top: int) -> Markup:
    name = bar.name if len(bar.name) <= _LONGEST_NAME else bar.name[: _LONGEST_NAME - 1] + "…"
    drawn = "" if bar.length is None else _BAR.format(_BAR_BEGINS, top + 7, bar.length)
    value = _TEXT.format(_BAR_BEGINS + 6 + (bar.length or 0), top + 20, "", bar.text)
    return _TEXT.format(_NAME_ENDS, top + 20, Markup(' text-anchor="end"'), name) + drawn + value
