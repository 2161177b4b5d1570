"""The decision: who is asked to act on a referral, how urgently, and why. Pure; the rules are data (config/rules.yaml)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from services.routing.rules.derived import READS, derive, has_newer_term
from services.routing.rules.rule import TOWN_FACTS, Ask, Rule, Rules
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, ClockKind, RevokeReason, Urgency

MOST_URGENT_FIRST = (Urgency.critical, Urgency.high, Urgency.routine)
_URGENCY_RANK = {urgency: rank for rank, urgency in enumerate(MOST_URGENT_FIRST)}
_STRONGEST_FIRST = (
    AssignmentRole.lead,
    AssignmentRole.child_protection,
    AssignmentRole.advocate,
    AssignmentRole.coordination,
    AssignmentRole.support,
)
_ROLE_RANK = {role: rank for rank, role in enumerate(_STRONGEST_FIRST)}


class Offer(NamedTuple):
    """One agency to be asked, for what, and by which rules."""

    agency: str
    role: AssignmentRole
    reasons: tuple[str, ...]


class Decision(NamedTuple):
    """Who is asked and why. `reasons` are rule ids; `barred` are the agencies that may not be asked in this case, and why."""

    offers: tuple[Offer, ...]
    urgency: Urgency
    reasons: tuple[str, ...]
    clocks: tuple[ClockKind, ...]
    consult: bool
    barred: Mapping[str, RevokeReason]
    rules_version: str


class Weighed(NamedTuple):
    """What the rules say of a case. `holding`: all that hold; `counting`: those that count, which in a consult are fewer.

    `barred`: who may not be asked whatever the rules say.
    """

    known: Mapping[str, Any]
    holding: Sequence[Rule]
    counting: Sequence[Rule]
    consult: bool
    barred: Mapping[str, RevokeReason]


def decide(facts: Facts, rules: Rules, agencies: Agencies) -> Decision:
    """Applies every rule. There is always at least one offer, and never one to a barred agency."""
    return settle(weigh(facts, rules, agencies), facts, rules, agencies)


def weigh(facts: Facts, rules: Rules, agencies: Agencies) -> Weighed:
    """Which rules hold, and who is barred."""
    conclusions = derive(facts, agencies)
    known = {**facts.__dict__, **conclusions}
    holding = rules.holding(known)
    consult = any([rule.consult for rule in holding])  # a generator takes longer than so few
    counting = [rule for rule in holding if rule.consult or not rule.asks] if consult else holding
    return Weighed(known, holding, counting, consult, bar(facts, agencies, police=conclusions["police_may_know"]))


def settle(weighed: Weighed, facts: Facts, rules: Rules, agencies: Agencies) -> Decision:
    """Who is asked by the rules that count; the coordinator by `unmatched` where they name nobody who may be asked.

    `barred` holds for that one too; the coordinator is never among them.
    """
    counting, barred = weighed.counting, weighed.barred
    offers = _offers(counting, facts, agencies, barred)
    if not offers:
        counting = [*counting, rules.unmatched]
        offers = _offers([rules.unmatched], facts, agencies, barred)
    if weighed.consult:
        barred = _all_but(offers, agencies, barred)
    return Decision(
        offers=offers,
        urgency=min([rule.urgency for rule in counting], key=_URGENCY_RANK.__getitem__),
        reasons=tuple([rule.id for rule in counting]),
        clocks=tuple(dict.fromkeys([clock for rule in counting for clock in rule.clocks])),
        consult=weighed.consult,
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
    counting: Sequence[Rule], facts: Facts, agencies: Agencies, barred: Mapping[str, RevokeReason]
) -> tuple[Offer, ...]:
    """One offer an agency, in the order of the rules, with every rule that names it; its strongest role counts."""
    parts: dict[str, tuple[list[AssignmentRole], list[str]]] = {}
    for rule, ask, agency in asked(counting, facts, agencies):
        if agency in barred:
            continue
        if agency not in parts:
            parts[agency] = ([], [])
        roles, reasons = parts[agency]
        roles.append(ask.role)
        if rule.id not in reasons:
            reasons.append(rule.id)
    flags = [rule.id for rule in counting if not rule.asks]
    return tuple(
        [
            Offer(agency, min(roles, key=_ROLE_RANK.__getitem__), (*reasons, *flags))
            for agency, (roles, reasons) in parts.items()
        ]
    )


def asked(counting: Sequence[Rule], facts: Facts, agencies: Agencies) -> Iterator[tuple[Rule, Ask, str]]:
    """Every agency that a rule names in this case, barred or not."""
    for rule in counting:
        for ask in rule.asks:
            for agency in ask.agencies(facts, agencies):
                yield rule, ask, agency
