"""What the `rules` commands print for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from services.routing.review.comparison import Comparison
from services.routing.review.explanation import Explanation, Reason
from services.routing.review.findings import Finding
from services.routing.review.survey import Survey
from services.routing.rules.book import RuleBook

console = Console(soft_wrap=True)


def say(text: str) -> None:
    """One line as it is: no word in it is markup."""
    console.print(text, markup=False, highlight=False)


def show_findings(book: RuleBook, found: Sequence[Finding]) -> None:
    """Every finding, and a verdict."""
    for one in found:
        say(f"{one.fault.value}: {one.about}: {one.what}")
    mistakes = sum(one.is_mistake for one in found)
    verdict = f"{mistakes} to mend" if mistakes else "nothing to mend"
    say(f"{len(book.rules.rules)} rules, version {book.rules.version}: {verdict}")


def show_explanation(it: Explanation) -> None:
    """A case, explained."""
    say(f"Urgency {it.urgency.value}" + (", a consult: nobody else is told" if it.consult else ""))
    for reason in it.reasons:
        say(f"  {reason.rule} ({_because(reason)}): {reason.why}")
    for reason in it.silenced:
        say(f"  silenced by the consult: {reason.rule} ({_because(reason)})")
    table = Table("asked", "for", "by the rules", "answer by", box=None, header_style="bold")
    for one in it.asked:
        table.add_row(one.agency, one.role.value, ", ".join(one.reasons), f"{one.answer_by:%Y-%m-%d %H:%M} UTC")
    console.print(table)
    for barred in it.not_asked:
        named = f"; named by {', '.join(barred.named_by)}" if barred.named_by else ""
        say(f"not asked: {barred.agency} ({barred.because.value}{named})")
    for kind, due in it.clocks:
        say(f"clock {kind.value}: {due:%Y-%m-%d %H:%M} UTC")
    say(f"rules version {it.rules_version}")


def _because(reason: Reason) -> str:
    return ", ".join(f"{name}: {_shown(value)}" for name, value in reason.because) or "in every case"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def show_coverage(book: RuleBook, found: Survey) -> None:
    """Rule by rule, and who owns the cases."""
    table = Table("rule", "holds in", "asks or adds to an offer in", box=None, header_style="bold")
    for rule in book.rules.rules:
        table.add_row(rule.id, f"{found.held[rule.id]:,}", f"{found.asked_by[rule.id]:,}")
    console.print(table)
    for facts in found.unmatched:
        say(f"left to `unmatched`: {facts.model_dump_json(exclude_defaults=True)}")
    owned = "every one has an owner" if not found.ownerless else f"{len(found.ownerless)} or more have NO OWNER"
    say(f"{found.cases:,} cases, {found.left_to_unmatched:,} left to `unmatched`; {owned}")


def show_differences(comparison: Comparison) -> None:
    """Case by case."""
    table = Table("case", "more", "no more", "other part", "urgency", "clocks", box=None, header_style="bold")
    for one in comparison.first:
        urgency = " → ".join(one.urgency) if one.urgency else ""
        parts = "\n".join(one.roles)
        table.add_row(one.case, ", ".join(one.added), ", ".join(one.dropped), parts, urgency, ", ".join(one.clocks))
    if comparison.first:
        console.print(table)
    shown = f"; the first {len(comparison.first):,} are shown" if comparison.different > len(comparison.first) else ""
    say(f"{comparison.different:,} of {comparison.cases:,} cases would be decided otherwise{shown}")
