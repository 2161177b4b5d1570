"""Charts as a picture of its own (SVG): every table of a report or release that makes one, below one another. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from services.reporting.exports.charts import ACROSS, bars, drawing, height, totals
from services.reporting.exports.sheets import sheets
from services.reporting.exports.words import term

_STYLE: Final = Markup(
    "<style>text{font:13px system-ui,sans-serif;fill:#1b1b1b}.head{font-weight:700}.bar{fill:#1a4480}.axis{stroke:#71767a}"
    ".paper{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#f0f0f0}.bar{fill:#73b3e7}.paper{fill:#1b1b1b}}</style>"
)
_PICTURE: Final = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
    '<title>{2}</title><desc>{3}</desc>{4}<rect class="paper" width="{0}" height="{1}"></rect>{5}</svg>\n'
)
_HEAD: Final = Markup('<text class="head" x="8" y="{}">{}</text>')
_TEXT: Final = Markup('<text x="8" y="{}">{}</text>')
_PART: Final = Markup('<g transform="translate(0 {})">{}</g>')
NOTHING: Final = "Nothing of this makes a chart."


def as_svg(content: Mapping[str, Any], stamp: datetime) -> bytes:
    """The same bytes for the same content; what is hidden has no bar, and says so."""
    title, about = content.get("title", "Referrals: figures"), _about(content, stamp)
    parts, said, top = [_HEAD.format(20, title), _TEXT.format(40, about)], [about], 60
    for name, shown in _charts(content):
        parts += [_HEAD.format(top + 20, name), _PART.format(top + 28, drawing(shown))]
        said.append(f"{name}: {'; '.join(f'{bar.name} {bar.text}' for bar in shown)}.")
        top += height(shown) + 44
    if len(said) == 1:
        parts, said, top = [*parts, _TEXT.format(top + 20, NOTHING)], [about, NOTHING], top + 40
    return _PICTURE.format(ACROSS, top, title, " ".join(said), _STYLE, Markup().join(parts)).encode()


def _charts(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for sheet in sheets(content):
        rows = [row for row in sheet.rows if any(row[1]) or None in row[1]]
        if named := totals(sheet, rows):
            yield sheet.title, bars(named)


def _about(content: Mapping[str, Any], stamp: datetime) -> str:
    period = content["period"]
    days = f"{period['from'] or 'start'} to {period['to'] or 'now'}"
    filters = [f"{term(name)}: {', '.join(map(term, terms))}" for name, terms in content.get("filters", {}).items()]
    hidden = [content["hidden_means"]] if "hidden_means" in content else []
    return ". ".join(
        [" ".join(filter(None, (period.get("name"), days))), *filters, *hidden, f"As of {stamp:%Y-%m-%d %H:%M} UTC."]
    )
