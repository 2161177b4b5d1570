"""Whom a rule may ask, as written. What can never be anybody is refused, with what to write instead. Pure."""

from typing import Annotated

from pydantic import AfterValidator, ValidationInfo, WithJsonSchema

from services.routing.rules.rule import ABLE_TO, KINDS, POLICE_OF, TOWN_FACTS
from shared.agencies import Agencies, AgencyKind
from shared.vocabulary import Capability


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
