"""What the rules do over every case they can tell apart: who owns it, which rules ever hold, whom they ever reach. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.routing.review.clashes import Clash, clashes
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision, settle, weigh
from shared.events.facts import Facts

SAMPLES = 10


@dataclass
class Survey:
    """The counts. `unmatched`: cases that no rule assigns, a few of them; `ownerless`: nobody at all is asked."""

    cases: int = 0
    held: Counter[str] = field(default_factory=Counter)
    """How many cases each rule counts in."""
    asked_by: Counter[str] = field(default_factory=Counter)
    """In how many cases a rule brought in an agency that is really asked."""
    reached: Counter[str] = field(default_factory=Counter)
    """In how many cases each agency is asked."""
    left_to_unmatched: int = 0
    unmatched: list[Facts] = field(default_factory=list)
    ownerless: list[Facts] = field(default_factory=list)
    clashes: dict[Clash, Facts] = field(default_factory=dict)
    """Each with the first case that shows it."""

    def add(self, facts: Facts, decision: Decision, unmatched: str) -> None:
        """Counts one case."""
        self.cases += 1
        self.held.update(decision.reasons)
        self.asked_by.update({reason for offer in decision.offers for reason in offer.reasons})
        self.reached.update(offer.agency for offer in decision.offers)
        if unmatched in decision.reasons:
            self.left_to_unmatched += 1
            _keep(self.unmatched, facts)
        if not decision.offers:
            _keep(self.ownerless, facts)

    def as_json(self, book: RuleBook) -> dict[str, Any]:
        """For other programs; counts by rule and by agency."""
        return {
            "rules_version": book.rules.version,
            "cases": self.cases,
            "without_owner": len(self.ownerless),
            "left_to_unmatched": self.left_to_unmatched,
            "examples_of_unmatched": [facts.model_dump(mode="json", exclude_defaults=True) for facts in self.unmatched],
            "holds_in": {rule.id: self.held[rule.id] for rule in book.rules.rules},
            "asked_in": dict(self.reached),
        }


def survey(cases: Iterable[Facts], book: RuleBook) -> Survey:
    """Looks at every case."""
    found = Survey()
    for facts in cases:
        weighed = weigh(facts, book.rules, book.agencies)
        decision = settle(weighed, facts, book.rules, book.agencies)
        found.add(facts, decision, book.rules.unmatched.id)
        for clash in clashes(facts, weighed, decision, book):
            found.clashes.setdefault(clash, facts)
    return found


def _keep(samples: list[Facts], facts: Facts) -> None:
    if len(samples) < SAMPLES:
        samples.append(facts)
