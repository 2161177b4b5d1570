"""The report's figures on a terminal: a few of them; all are at reporting's address."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

Report = dict[str, Any]
Rows = list[dict[str, Any]]
_COUNTS = ("received", "received_by_reporter", "received_by_town", "assignments", "services", "justice_steps", "victim_status")
_TIMES = ("received_to_routed", "routed_to_accepted", "received_to_contacted", "notice_time")


def received(report: Report) -> int:
    """How many referrals the report counts."""
    return int(report["figures"]["received"][0]["total"])


def accepted(report: Report) -> int:
    """How many parts were accepted, over all agencies."""
    return sum(row["total"] for row in report["figures"]["assignments"] if row["step"] == "accepted")


def figures(report: Report) -> RenderableType:
    """Counts with sex and labor side by side, and times."""
    titles = {measure["name"]: (measure["title"], measure["unit"]) for measure in report["definitions"]}
    counts = Table(title=f"The report, as of {report['as_of']['now']}", title_justify="left", header_style="bold")
    for column in ("measure", "which", "sex", "labor", "both", "unsure", "total"):
        counts.add_column(column, justify="left" if column in ("measure", "which") else "right")
    for name in _COUNTS:
        for row in (row for row in report["figures"][name] if row["total"]):
            counts.add_row(titles[name][0], _which(row), *(str(row[k]) for k in ("sex", "labor", "both", "unsure", "total")))
    times = Table(header_style="bold")
    for column in ("time", "count", "median", "90th percentile", "within target"):
        times.add_column(column, justify="left" if column == "time" else "right")
    for name in _TIMES:
        times.add_row(f"{titles[name][0]} ({titles[name][1]})", *_time(report["figures"][name]))
    return Group(counts, times)


def _which(row: dict[str, Any]) -> str:
    own = {"sex", "labor", "both", "unsure", "total"}
    return " ".join(str(value) for key, value in row.items() if key not in own)


def _time(rows: Rows) -> tuple[str, ...]:
    row = next(row for row in rows if row["urgency"] == "all")
    share = row["share_within_target"]
    return str(row["count"]), str(row["median"]), str(row["p90"]), "-" if share is None else f"{share:.0%}"
