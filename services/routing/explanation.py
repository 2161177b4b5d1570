"""One case, decided and explained: which rules hold, who is asked for what and by when, who is not and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.routing.rule_book import RuleBook
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, ClockKind, RevokeReason, Urgency


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that holds, with its sentence."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An agency that is asked: for what part, by which rules, and until when it has to answer."""

    agency: str
    role: AssignmentRole
    reasons: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class NotAsked:
    """An agency that may not be asked, whatever the rules say."""

    agency: str
    because: RevokeReason


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of a referral with these facts that came in at `at`."""

    at: datetime
    rules_version: str
    urgency: Urgency
    consult: bool
    reasons: tuple[Reason, ...]
    asked: tuple[Asked, ...]
    not_asked: tuple[NotAsked, ...]
    clocks: tuple[tuple[ClockKind, datetime], ...]

    def as_json(self) -> dict[str, Any]:
        """For other programs; times in ISO 8601."""
        return {
            "at": self.at.isoformat(),
            "rules_version": self.rules_version,
            "urgency": self.urgency.value,
            "consult": self.consult,
            "reasons": [{"rule": one.rule, "why": one.why} for one in self.reasons],
            "asked": [
                {
                    "agency": one.agency,
                    "role": one.role.value,
                    "reasons": list(one.reasons),
                    "answer_by": one.answer_by.isoformat(),
                }
                for one in self.asked
            ],
            "not_asked": [{"agency": one.agency, "because": one.because.value} for one in self.not_asked],
            "clocks": [{"clock": kind.value, "due": due.isoformat()} for kind, due in self.clocks],
        }


def explain(facts: Facts, book: RuleBook, at: datetime) -> Explanation:
    """Decides as a new referral is decided, and says why."""
    decision = book.decide(facts)
    kinds: Sequence[ClockKind] = (ClockKind.unassigned, *decision.clocks)
    return Explanation(
        at=at,
        rules_version=decision.rules_version,
        urgency=decision.urgency,
        consult=decision.consult,
        reasons=tuple(Reason(rule, book.why[rule]) for rule in decision.reasons),
        asked=tuple(
            Asked(o.agency, o.role, o.reasons, book.due(ClockKind.answer, decision.urgency, o.agency, at))
            for o in decision.offers
        ),
        not_asked=tuple(NotAsked(agency, because) for agency, because in decision.barred.items()),
        clocks=tuple((kind, book.due(kind, decision.urgency, None, at)) for kind in kinds),
    )
