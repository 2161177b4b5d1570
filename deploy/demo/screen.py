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
    table.add_column("referral", ratio=4)
    table.add_column("offered to (role; why)", ratio=6)
    table.add_column("told after", justify="right", ratio=1, min_width=8)
    table.add_column("what they did", ratio=6)
    for told in story.cases.values():
        table.add_row(_case(told), *_parts(told))
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


def _parts(told: Told) -> tuple[str, str, str]:
    rows = [_part(agency, part) for agency, part in told.parts.items()]
    offered, after, done = zip(*rows, strict=True) if rows else ((), (), ())
    return "\n".join(offered), "\n".join(after), "\n".join(done)


def _part(agency: str, part: Part) -> tuple[str, str, str]:
    after = "…" if part.told_ms is None else f"{part.told_ms} ms"
    said = [done for done in part.done if not done.startswith("clock ")]
    return f"{agency} ({part.role}; {', '.join(part.reasons)})", after, ", ".join(said) or "…"
