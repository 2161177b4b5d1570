"""What rules that hold in the same case can do to one another that cannot be meant. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.routing.life.clocks import can_be_met_by
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision, Weighed, asked
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole


@dataclass(frozen=True, slots=True)
class Clash:
    """`about`: the id of the rule that should be looked at first."""

    about: str
    what: str


def clashes(facts: Facts, weighed: Weighed, decision: Decision, book: RuleBook) -> Iterator[Clash]:
    """What clashes in one case."""
    roles = [offer.role for offer in decision.offers]
    if roles.count(AssignmentRole.lead) > 1:
        leading = sorted({offer.reasons[0] for offer in decision.offers if offer.role is AssignmentRole.lead})
        yield Clash(leading[0], f"two agencies lead the same case, by {' and '.join(leading)}")
    for clock in decision.clocks:
        if not can_be_met_by(clock, roles):
            starting = next(rule.id for rule in weighed.counting if clock in rule.clocks)
            yield Clash(starting, f"it starts {clock.value} where nobody is asked who could do what that waits for")
    if weighed.consult:
        yield from _silenced(facts, weighed, decision, book)


def _silenced(facts: Facts, weighed: Weighed, decision: Decision, book: RuleBook) -> Iterator[Clash]:
    """Rules whose agencies would be asked if another rule did not make the case a consult."""
    offered = {offer.agency for offer in decision.offers}
    consults = " and ".join(rule.id for rule in weighed.holding if rule.consult)
    for rule, _, agency in asked(weighed.holding, facts, book.agencies):
        if agency not in offered and agency not in weighed.barred:
            yield Clash(rule.id, f"its agencies are not asked where {consults} makes the case a consult")
