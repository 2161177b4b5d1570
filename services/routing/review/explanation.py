"""One case, decided and explained: which rules hold, who is asked for what and by when, who is not and why. Pure."""

from datetime import datetime
from typing import Any, NamedTuple

from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision, Weighed, asked, settle, weigh
from services.routing.rules.rule import Rule
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, ClockKind, RevokeReason, Urgency


class Reason(NamedTuple):
    """A rule that holds, with its sentence, and the facts and conclusions by which it holds."""

    rule: str
    why: str
    because: tuple[tuple[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return {"rule": self.rule, "why": self.why, "because": dict(self.because)}


class Asked(NamedTuple):
    """An agency that is asked: for what part, by which rules, and until when it has to answer."""

    agency: str
    role: AssignmentRole
    reasons: tuple[str, ...]
    answer_by: datetime


class NotAsked(NamedTuple):
    """An agency that may not be asked, whatever the rules say, and the rules that hold and name it all the same."""

    agency: str
    because: RevokeReason
    named_by: tuple[str, ...]


class Explanation(NamedTuple):
    """What would become of a referral with these facts that came in at `at`.

    `silenced`: rules that hold and do not count, as another one makes the case a consult.
    """

    at: datetime
    rules_version: str
    urgency: Urgency
    consult: bool
    reasons: tuple[Reason, ...]
    silenced: tuple[Reason, ...]
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
            "reasons": [one.as_json() for one in self.reasons],
            "silenced": [one.as_json() for one in self.silenced],
            "asked": [
                {
                    "agency": one.agency,
                    "role": one.role.value,
                    "reasons": list(one.reasons),
                    "answer_by": one.answer_by.isoformat(),
                }
                for one in self.asked
            ],
            "not_asked": [
                {"agency": one.agency, "because": one.because.value, "named_by": list(one.named_by)} for one in self.not_asked
            ],
            "clocks": [{"clock": kind.value, "due": due.isoformat()} for kind, due in self.clocks],
        }


def explain(facts: Facts, book: RuleBook, at: datetime) -> Explanation:
    """Decides as a new referral is decided, and says why."""
    weighed = weigh(facts, book.rules, book.agencies)
    decision = settle(weighed, facts, book.rules, book.agencies)
    counting = set(decision.reasons)
    stepping_in = [book.rules.unmatched] if book.rules.unmatched.id in counting else []
    return Explanation(
        at=at,
        rules_version=decision.rules_version,
        urgency=decision.urgency,
        consult=decision.consult,
        reasons=tuple([_reason(rule, weighed) for rule in (*weighed.counting, *stepping_in)]),
        silenced=tuple([_reason(rule, weighed) for rule in weighed.holding if rule.id not in counting]),
        asked=_asked(decision, book, at),
        not_asked=_not_asked(weighed, facts, decision, book),
        clocks=tuple([(kind, book.due(kind, decision.urgency, None, at)) for kind in (ClockKind.unassigned, *decision.clocks)]),
    )


def _reason(rule: Rule, weighed: Weighed) -> Reason:
    return Reason(rule.id, rule.why, tuple([(one.name, weighed.known[one.name]) for one in rule.when]))


def _asked(decision: Decision, book: RuleBook, at: datetime) -> tuple[Asked, ...]:
    return tuple(
        [
            Asked(o.agency, o.role, o.reasons, book.due(ClockKind.answer, decision.urgency, o.agency, at))
            for o in decision.offers
        ]
    )


def _not_asked(weighed: Weighed, facts: Facts, decision: Decision, book: RuleBook) -> tuple[NotAsked, ...]:
    if not decision.barred:
        return ()
    named: dict[str, list[str]] = {agency: [] for agency in decision.barred}
    for rule, _, agency in asked(weighed.holding, facts, book.agencies):
        if agency in named and rule.id not in named[agency]:
            named[agency].append(rule.id)
    return tuple([NotAsked(agency, because, tuple(named[agency])) for agency, because in decision.barred.items()])
