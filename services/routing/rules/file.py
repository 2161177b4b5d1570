"""config/rules.yaml as written: its shape, and what may stand in it. Errors say what to write instead.

Its JSON Schema, by which editors complete and check it, is made from these models.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.routing.rules.target import Target
from services.routing.rules.when import TERMS, When, Written
from shared.agencies import AgencyKind
from shared.events.facts import RuleId
from shared.vocabulary import AssignmentRole, ClockKind, Urgency

RuleClock = Literal[ClockKind.advocate_contact, ClockKind.dcf_oral_report, ClockKind.dcf_begins]
"""The others start by themselves: with an offer, the routing, an acceptance, a word of work, an oral report."""
TAKEOVERS = ("withdrawn_goes_on", "nobody_left")
Why = Annotated[str, Field(min_length=10, description="one sentence for people")]


class WrittenAsk(Written):
    """`{to: ..., role: ...}`."""

    to: Target
    role: AssignmentRole


def _not_reserved(id_: str) -> str:
    if id_ in TAKEOVERS:
        raise ValueError("the program itself gives this reason, see `takeover`; choose another id")
    return id_


class WrittenRule(Written):
    """One rule."""

    id: Annotated[RuleId, AfterValidator(_not_reserved)] = Field(
        description="the reason that every offer carries; never change it later"
    )
    when: When = Field(When(), description="all lines have to hold; without one the rule always holds")
    offer: tuple[WrittenAsk, ...] = Field((), description="who is asked; without one the rule adds its reason to every offer")
    clocks: tuple[RuleClock, ...] = Field((), description="clocks that start besides the answer clocks")
    consult: bool = Field(default=False, description="nobody but the agencies of this rule is asked")
    urgency: Urgency
    why: Why


def _to_coordinator(rule: WrittenRule) -> WrittenRule:
    """Nobody else can be trusted to be askable: anybody but the coordinator may be excluded in the case at hand."""
    if [ask.to for ask in rule.offer] != [AgencyKind.coordinator.value] or rule.when.conditions() or rule.consult:
        raise ValueError("`unmatched` asks the coordinator and nobody else, without `when` and `consult`")
    return rule


TakingPart = Literal[AgencyKind.police, AgencyKind.child_protection, AgencyKind.advocates, AgencyKind.coordinator]
"""The kinds of agencies; the sandbox takes no part."""


class WrittenFallback(Written):
    """Who is asked when an agency of the kind `from` does not take it."""

    id: RuleId
    from_: TakingPart = Field(alias="from")
    to: tuple[Target, ...]
    why: Why


class WrittenTakeover(Written):
    """Why the coordinator takes over."""

    why: Why


class WrittenTakeovers(Written):
    """The occasions on which the coordinator takes over; their names are reasons."""

    withdrawn_goes_on: WrittenTakeover
    nobody_left: WrittenTakeover


def _once_a_kind(written: tuple[WrittenFallback, ...]) -> tuple[WrittenFallback, ...]:
    kinds = [one.from_.value for one in written]
    if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise ValueError(f"{', '.join(twice)} has two fallbacks; name all agencies in one, in their order")
    return written


class WrittenRules(Written):
    """The whole file."""

    rules: tuple[WrittenRule, ...]
    unmatched: Annotated[WrittenRule, AfterValidator(_to_coordinator)]
    fallback: Annotated[tuple[WrittenFallback, ...], AfterValidator(_once_a_kind)]
    takeover: WrittenTakeovers


WORDS = frozenset(
    word for model in (WrittenRules, WrittenRule, WrittenAsk, WrittenFallback, WrittenTakeovers) for word in model.model_fields
) | frozenset(TERMS)
"""Every name that the file may use, for guessing what a misspelled one was meant to be."""
