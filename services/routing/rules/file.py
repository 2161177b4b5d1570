"""config/rules.yaml as written: its shape, and what may stand in it. Errors say what to write instead.

Its JSON Schema, by which editors complete and check it, is made from these models.
"""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)

from services.routing.rules.decision import ABLE_TO, KINDS, POLICE_OF, TOWN_FACTS
from services.routing.rules.derived import MEANING
from services.routing.rules.matching import Condition
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts, RuleId
from shared.vocabulary import AssignmentRole, Capability, ClockKind, Urgency, Vocabulary


class Written(BaseModel):
    """Closed, so that a misspelled word is an error and not a rule that never holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _terms(annotation: Any) -> list[str] | None:
    """The terms a fact may have; None for a boolean, [] for an agency's id."""
    if annotation is bool:
        return None
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        return _terms(get_args(annotation)[0])
    return annotation.terms() if isinstance(annotation, type) and issubclass(annotation, Vocabulary) else []


TERMS: Mapping[str, list[str] | None] = {
    **{name: _terms(field.annotation) for name, field in Facts.model_fields.items() if name != "excluded_agencies"},
    **dict.fromkeys(MEANING),
}
"""Everything a `when` may name, with the terms it may be compared with (None: true or false)."""


def _allowed(terms: list[str] | None) -> Callable[[Any], frozenset[Any]]:
    """Reads one term or several. A bare yes or no, which YAML reads as true or false, is the term."""

    def read(written: Any) -> frozenset[Any]:
        values = written if isinstance(written, list) else [written]
        if terms is None:
            if not values or not all(isinstance(value, bool) for value in values):
                raise ValueError("write true or false")
            return frozenset(values)
        words = [{True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value for value in values]
        if not words or (unknown := [str(word) for word in words if word not in terms]):
            raise ValueError(
                f"{', '.join(unknown) if words else 'nothing'} is not a term of it; choose from: {', '.join(terms)}"
            )
        return frozenset(words)

    return read


def _line(name: str, terms: list[str] | None) -> Any:
    one: dict[str, Any] = {"type": "boolean"} if terms is None else {"enum": list(terms)}
    if terms and {"yes", "no"} <= set(terms):
        one["enum"] += [True, False]  # as YAML reads a bare yes or no
    schema = {
        "anyOf": [one, {"type": "array", "items": one, "minItems": 1}],
        "description": MEANING.get(name, "a fact as told"),
    }
    return Annotated[Any, PlainValidator(_allowed(terms)), WithJsonSchema(schema)], None


class _Lines(Written):
    """The lines of a `when`, each a fact or a conclusion with the terms it allows."""

    def conditions(self) -> tuple[Condition, ...]:
        """What has to hold."""
        return tuple(Condition(name, allowed) for name, allowed in self if allowed is not None)


When = create_model("When", __base__=_Lines, **{name: _line(name, terms) for name, terms in TERMS.items()})


def _target(to: str, info: ValidationInfo) -> str:
    """ValueError where it can never be anybody. Whether an agency exists is known where the agencies were read."""
    agencies: Agencies | None = info.context
    if to.startswith(POLICE_OF):
        if to.removeprefix(POLICE_OF) not in TOWN_FACTS:
            raise ValueError(f"write `police of` and one of: {', '.join(TOWN_FACTS)}")
    elif to.startswith(ABLE_TO):
        _capability(to.removeprefix(ABLE_TO), agencies)
    elif to == AgencyKind.police:
        raise ValueError("`police` would ask every department; write `police of town_of_exploitation` or an agency's id")
    elif agencies is not None:
        if to in KINDS and not agencies.of_kind(AgencyKind(to)):
            raise ValueError(f"agencies.yaml has no agency of kind {to}")
        if to not in KINDS and to not in agencies.ids:
            raise ValueError(f"{to} is no kind and no agency of agencies.yaml; agencies: {', '.join(agencies.ids)}")
    return to


def _capability(word: str, agencies: Agencies | None) -> None:
    if word not in Capability.terms():
        raise ValueError(f"{word} is no capability; choose from: {', '.join(Capability.terms())}")
    if agencies is not None and not agencies.able_to(Capability(word)):
        raise ValueError(f"agencies.yaml has no agency with {word}")


_TARGETS = [f"{POLICE_OF}{fact}" for fact in TOWN_FACTS] + [f"{ABLE_TO}{term}" for term in Capability.terms()]
Target = Annotated[
    str,
    AfterValidator(_target),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": sorted(KINDS - {AgencyKind.police.value}) + _TARGETS},
                {"type": "string", "pattern": "^[a-z][a-z-]{1,30}$", "description": "an agency's id"},
            ]
        }
    ),
]
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
