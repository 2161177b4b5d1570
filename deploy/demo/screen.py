"""The story on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.demo.story import Part, Story, Told

_URGENCY = {"critical": "bold red", "high": "yellow", "routine": "green"}


def picture(story: Story, left: int) -> RenderableType:
    """Every case with who was offered it and why, who was told and how fast, and what they answered."""
    table = Table(expand=True, show_lines=True, header_style="bold")
    table.add_column("referral", ratio=3)
    table.add_column("offered to (role; why), told by mail after, and what they did", ratio=9)
    for told in story.cases.values():
        table.add_row(_case(told), _parts(told))
    wait = Text(f"{left} things still to come" if left else "everything that should happen has happened", "dim")
    return Group(table, wait)


def _case(told: Told) -> Text:
    text = Text(told.case.title + "\n")
    text.append(f"{told.referral[:8]} safe after {told.answered_ms:.0f} ms, ", "dim")
    text.append(told.urgency, _URGENCY.get(told.urgency, ""))
    text.append(f", {told.status}", "dim")
    if told.escalated:
        text.append(f"\nescalated to {', '.join(told.escalated)}", "red")
    return text


def _parts(told: Told) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    for ratio, justify in ((4, "left"), (1, "right"), (4, "left")):
        grid.add_column(ratio=ratio, justify=justify)  # type: ignore[arg-type]
    for agency, part in told.parts.items():
        grid.add_row(*_part(agency, part))
    return grid


def _part(agency: str, part: Part) -> tuple[str, str, str]:
    after = "…" if part.told_ms is None else f"{part.told_ms} ms"
    said = [done for done in part.done if not done.startswith("clock ")]
    return f"{agency} ({part.role}; {', '.join(part.reasons)})", after, ", ".join(said) or "…"
