"""Ten cases that a coordinator would find hard, and the page that says what the rules make of them.

Run as `python -m tests.unit.routing.hard_cases` to write docs/hard-cases.md anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.routing.review.explanation import Explanation, explain
from shared.events.facts import Facts
from tests.unit.routing.cases import adult, book, child

PAGE = Path("docs/hard-cases.md")
AT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
HEAD = """\
# Hard cases, and what the rules make of them

Ten cases over which people would argue, decided by the rules as they ship. Every word below is what
`python -m services.routing rules explain` finds; a test compares. Whoever disagrees with one changes
[the rules](routing-rules.md), and sees here what that changes.
"""

CASES: list[tuple[str, dict[str, Any]]] = [
    (
        "A provider has no release from the client, who is 17",
        child(reporter="service_provider", release="not_given", age_band="from_15_to_17"),
    ),
    (
        "A provider has no release from an adult client who is in danger now",
        adult(reporter="service_provider", release="not_given", immediate_danger=True),
    ),
    (
        "A provider has no release from an adult client, and nobody is in danger",
        adult(reporter="healthcare", release="not_given"),
    ),
    ("An adult reports for herself and does not want the police", adult(reporter="self", police_consent="no")),
    (
        "An adult reports for himself, does not want the police, and is in danger now",
        adult(reporter="self", police_consent="no", immediate_danger=True),
    ),
    ("Nobody knows how old the person is, nor where it happens", {"reporter": "hotline", "channel": "phone"}),
    (
        "A child lives outside the eight towns and is exploited in one of them",
        child(town_of_residence="elsewhere"),
    ),
    (
        "A tip about an adult names three towns, and an officer of the first is the suspect",
        adult(other_towns=("windsor", "manchester"), excluded_agencies=("hartford-pd",)),
    ),
    (
        "The reporter asks to leave out the advocates, DCF and the coordinator; it is about a child",
        child(excluded_agencies=("cca", "dcf", "coordinator")),
    ),
    (
        "Farm workers, adults, somewhere in the state; the caller speaks Spanish and must not be called back",
        adult(
            town_of_exploitation="elsewhere",
            trafficking_type="labor",
            labor_exploitation=("agriculture",),
            language="es",
            safe_contact="unsafe",
        ),
    ),
]


def page() -> str:
    """The whole text."""
    return HEAD + "".join(_section(number, title, facts) for number, (title, facts) in enumerate(CASES, 1))


def _section(number: int, title: str, facts: dict[str, Any]) -> str:
    it = explain(Facts.model_validate(facts), book(), AT)
    rows = [f"| {a.agency} | {a.role.value} | {_in(it, a.answer_by)} | {', '.join(a.reasons)} |" for a in it.asked]
    asked = "\n".join(rows)
    reasons = "\n".join(f"- `{one.rule}`: {one.why}" for one in it.reasons)
    return (
        f"\n## {number}. {title}\n{_urgency(it)}\n\n"
        f"| asked | for | answers within | by the rules |\n|---|---|---|---|\n{asked}\n\n{reasons}\n{_not_asked(it)}"
    )


def _urgency(it: Explanation) -> str:
    consult = " A consult: nobody else is told, and nothing that could identify the client." if it.consult else ""
    return f"Urgency: **{it.urgency.value}**.{consult}"


def _in(it: Explanation, due: datetime) -> str:
    minutes = int((due - it.at).total_seconds() / 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _not_asked(it: Explanation) -> str:
    if it.consult or not it.not_asked:
        return ""
    because: dict[str, list[str]] = {}
    for one in it.not_asked:
        because.setdefault(one.because.value, []).append(one.agency)
    return "\n" + "\n".join(f"Not asked, `{reason}`: {', '.join(agencies)}." for reason, agencies in because.items()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
