"""A rule: the case in which it holds, whom it asks for what part, how urgently. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.routing.rules.matching import Condition, Matcher
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, Capability, ClockKind, Urgency

POLICE_OF = "police of "
ABLE_TO = "agencies with "
_KIND_OF = {kind.value: kind for kind in AgencyKind if kind is not AgencyKind.sandbox}
KINDS = frozenset(_KIND_OF)
TOWN_FACTS = ("town_of_exploitation", "town_of_residence", "other_towns")
_TOWN_FACT_OF = {POLICE_OF + fact: fact for fact in TOWN_FACTS}


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom a rule asks and for what part: a kind of agency, `police of TOWN_FACT`, `agencies with CAPABILITY` or an id."""

    to: str
    role: AssignmentRole

    def agencies(self, facts: Facts, agencies: Agencies) -> tuple[str, ...]:
        """The ids it stands for in this case; none where a town is unknown or has no police here."""
        fact = _TOWN_FACT_OF.get(self.to)
        if fact is None:
            return named(self.to, agencies)
        town = facts.__dict__[fact]
        towns = town if type(town) is tuple else (town,)
        return tuple([police for t in towns if (police := agencies.police_of(t))])


def named(to: str, agencies: Agencies) -> tuple[str, ...]:
    """The agencies that a kind, a capability or an id stands for, whatever the case."""
    if kind := _KIND_OF.get(to):
        return agencies.of_kind(kind)
    return agencies.able_to(Capability(to[len(ABLE_TO) :])) if to.startswith(ABLE_TO) else (to,)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. All conditions have to hold. `consult`: nobody but the agencies of this rule is asked."""

    id: str
    when: tuple[Condition, ...]
    asks: tuple[Ask, ...]
    urgency: Urgency
    clocks: tuple[ClockKind, ...] = ()
    consult: bool = False
    why: str = ""


@dataclass(frozen=True)
class Rules:
    """The rules in their order, and the one that steps in where they name nobody."""

    rules: tuple[Rule, ...]
    unmatched: Rule
    version: str

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([rule.when for rule in self.rules])

    def holding(self, known: Mapping[str, Any]) -> list[Rule]:
        """The rules that hold for facts and conclusions by name."""
        return [self.rules[place] for place in self._matcher.holding(known)]
