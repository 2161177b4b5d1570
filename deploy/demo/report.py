"""The report's figures on a terminal: a few of them; all are at reporting's address."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

Report = dict[str, Any]
Rows = list[dict[str, Any]]
_TYPES = ("sex", "labor", "both", "unsure", "total")
_STEPS = ("offered", "accepted", "declined", "expired", "rerouted", "completed")
_COUNTS = ("received", "received_by_reporter", "received_by_town", "services", "justice_steps", "victim_status")
_TIMES = ("received_to_routed", "routed_to_accepted", "received_to_contacted", "notice_time")


def received(report: Report) -> int:
    """How many referrals the report counts."""
    return int(report["figures"]["received"][0]["total"])


def accepted(report: Report) -> int:
    """How many parts were accepted, over all agencies."""
    return sum(row["total"] for row in report["figures"]["assignments"] if row["step"] == "accepted")


def figures(report: Report) -> RenderableType:
    """Counts with sex and labor side by side, what each agency did, and times."""
    titles = {measure["name"]: f"{measure['title']} ({measure['unit']})" for measure in report["definitions"]}
    return Group(_counts(report, titles), _agencies(report["figures"]["assignments"]), _times(report, titles))


def _counts(report: Report, titles: dict[str, str]) -> Table:
    table = _table(f"The report, as of {report['as_of']['now']}", *_TYPES)
    for name in _COUNTS:
        table.add_row(f"[bold]{titles[name]}[/]")
        for row in (row for row in report["figures"][name] if row["total"]):
            table.add_row(f"  {_which(row)}", *(str(row[kind]) for kind in _TYPES))
    return table


def _agencies(rows: Rows) -> Table:
    table = _table("What the agencies did (referrals)", *_STEPS)
    for agency in sorted({row["agency"] for row in rows}):
        steps = {row["step"]: row["total"] for row in rows if row["agency"] == agency}
        table.add_row(f"  {agency}", *(str(steps.get(step, 0)) for step in _STEPS))
    return table


def _times(report: Report, titles: dict[str, str]) -> Table:
    table = _table("How long it took", "count", "median", "90th percentile", "within target")
    for name in _TIMES:
        table.add_row(f"  {titles[name]}", *_time(report["figures"][name]))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="dim")
    table.add_column("", min_width=48)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _which(row: dict[str, Any]) -> str:
    return " ".join(str(value) for value in row.values() if isinstance(value, str)) or "all"


def _time(rows: Rows) -> tuple[str, ...]:
    row = next(row for row in rows if row["urgency"] == "all")
    share = row["share_within_target"]
    return str(row["count"]), str(row["median"]), str(row["p90"]), "-" if share is None else f"{share:.0%}"
