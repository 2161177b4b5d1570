"""The decision: who is asked to act on a referral, how urgently, and why. Pure; the rules are data (config/rules.yaml)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from services.routing.derived import READS, derive, has_newer_term
from services.routing.matching import Condition, Matcher
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, ClockKind, RevokeReason, Urgency

POLICE_OF = "police of "
KINDS = frozenset(kind.value for kind in AgencyKind)
TOWN_FACTS = ("town_of_exploitation", "town_of_residence", "other_towns")
MOST_URGENT_FIRST = (Urgency.critical, Urgency.high, Urgency.routine)
_STRONGEST_FIRST = (
    AssignmentRole.lead,
    AssignmentRole.child_protection,
    AssignmentRole.advocate,
    AssignmentRole.coordination,
    AssignmentRole.support,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom a rule asks: a kind of agency, an agency's id, or `police of TOWN_FACT`; and for what part."""

    to: str
    role: AssignmentRole

    def agencies(self, facts: Facts, agencies: Agencies) -> tuple[str, ...]:
        """The ids it stands for in this case; none where a town is unknown or has no police here."""
        if self.to.startswith(POLICE_OF):
            town = getattr(facts, self.to.removeprefix(POLICE_OF))
            towns = town if type(town) is tuple else (town,)
            return tuple(police for t in towns if (police := agencies.police_of(t)))
        return agencies.of_kind(AgencyKind(self.to)) if self.to in KINDS else (self.to,)


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
        """The rules that hold for facts and conclusions by name, in their order."""
        return [self.rules[place] for place in self._matcher.holding(known)]


@dataclass(frozen=True, slots=True)
class Offer:
    """One agency to be asked, for what, and by which rules."""

    agency: str
    role: AssignmentRole
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is asked and why. `reasons` are rule ids; `barred` are the agencies that may not be asked in this case, and why."""

    offers: tuple[Offer, ...]
    urgency: Urgency
    reasons: tuple[str, ...]
    clocks: tuple[ClockKind, ...]
    consult: bool
    barred: Mapping[str, RevokeReason]
    rules_version: str


def decide(facts: Facts, rules: Rules, agencies: Agencies) -> Decision:
    """Applies every rule. There is always at least one offer, and never one to a barred agency."""
    conclusions = derive(facts, agencies)
    known = {**facts.__dict__, **conclusions}
    matching = rules.holding(known)
    consult = any([rule.consult for rule in matching])  # a generator takes longer than so few
    if consult:
        matching = [rule for rule in matching if rule.consult or not rule.asks]
    barred = bar(facts, agencies, police=conclusions["police_may_know"])
    offers = _offers(matching, facts, agencies, barred)
    if not offers:
        matching = [*matching, rules.unmatched]
        offers = _offers([rules.unmatched], facts, agencies, {})
    if consult:
        barred = _all_but(offers, agencies, barred)
    return Decision(
        offers=offers,
        urgency=min((rule.urgency for rule in matching), key=MOST_URGENT_FIRST.index),
        reasons=tuple(rule.id for rule in matching),
        clocks=tuple(dict.fromkeys(clock for rule in matching for clock in rule.clocks)),
        consult=consult,
        barred=barred,
        rules_version=rules.version,
    )


def remembering(rules: Rules, agencies: Agencies, most: int = 10_000) -> Callable[[Facts], Decision]:
    """`decide` by these rules, which remembers: most referrals resemble others in the facts that the rules look at."""
    named = {condition.name for rule in rules.rules for condition in rule.when if condition.name in Facts.model_fields}
    that_matter = itemgetter(*dict.fromkeys((*READS, *TOWN_FACTS, *sorted(named))))
    remembered: dict[tuple[Any, ...], Decision] = {}

    def decide_(facts: Facts) -> Decision:
        key = (*that_matter(facts.__dict__), has_newer_term(facts))
        decision = remembered.get(key)
        if decision is None:
            if len(remembered) >= most:
                remembered.clear()
            decision = remembered[key] = decide(facts, rules, agencies)
        return decision

    return decide_


def bar(facts: Facts, agencies: Agencies, *, police: bool) -> dict[str, RevokeReason]:
    """The agencies that may not be asked whatever the rules say. The coordinator cannot be left out: someone must decide."""
    barred = {} if police else dict.fromkeys(agencies.of_kind(AgencyKind.police), RevokeReason.consent_changed)
    for agency in facts.excluded_agencies:
        barred[agency] = RevokeReason.excluded
    barred.pop(agencies.coordinator, None)
    return barred


def _all_but(offers: Sequence[Offer], agencies: Agencies, barred: Mapping[str, RevokeReason]) -> dict[str, RevokeReason]:
    asked = {offer.agency for offer in offers} | {agencies.coordinator}
    return dict.fromkeys((a for a in agencies.ids if a not in asked), RevokeReason.consent_changed) | dict(barred)


def _offers(
    matching: Sequence[Rule], facts: Facts, agencies: Agencies, barred: Mapping[str, RevokeReason]
) -> tuple[Offer, ...]:
    """One offer an agency, in the order of the rules, with every rule that names it; its strongest role counts."""
    asked: dict[str, tuple[list[AssignmentRole], list[str]]] = {}
    for rule, ask, agency in _named(matching, facts, agencies):
        if agency in barred:
            continue
        roles, reasons = asked.setdefault(agency, ([], []))
        roles.append(ask.role)
        if rule.id not in reasons:
            reasons.append(rule.id)
    flags = [rule.id for rule in matching if not rule.asks]
    return tuple(
        Offer(agency, min(roles, key=_STRONGEST_FIRST.index), (*reasons, *flags)) for agency, (roles, reasons) in asked.items()
    )


def _named(matching: Sequence[Rule], facts: Facts, agencies: Agencies) -> Iterator[tuple[Rule, Ask, str]]:
    for rule in matching:
        for ask in rule.asks:
            for agency in ask.agencies(facts, agencies):
                yield rule, ask, agency
