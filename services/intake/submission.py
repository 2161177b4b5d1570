"""What a referrer may send: coded facts, and the sensitive details with a limit on each."""

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import FailFast, Field, field_validator, model_validator

from services.intake.triage import minor_of
from shared.events.facts import Facts, Frozen
from shared.fixes import own_fix
from shared.vocabulary import (
    UNRECOGNIZED,
    Channel,
    LaborExploitation,
    MeansOfControl,
    Minor,
    RaceEthnicity,
    Recruitment,
    SexExploitation,
    Town,
    Vocabulary,
)

Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Field(max_length=2_000)]
Narrative = Annotated[str, Field(max_length=20_000)]
T = TypeVar("T")
Listed = Annotated[tuple[T, ...], Field(max_length=50), FailFast()]
"""A list that is given up at its first wrong entry: a hundred thousand of them would hold the door for a second."""


class SubmittedFacts(Facts):
    """The facts as they are told. In place of `age_band` and `minor`, `birth_year` may be given.

    Terms in a list count once each. `channel` is how the referral reached the sender; it need not be given.
    """

    channel: Channel = Channel.api
    sex_exploitation: Listed[SexExploitation] = ()
    labor_exploitation: Listed[LaborExploitation] = ()
    means_of_control: Listed[MeansOfControl] = ()
    recruitment: Listed[Recruitment] = ()
    race_ethnicity: Listed[RaceEthnicity] = ()
    other_towns: Listed[Town] = ()
    birth_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    excluded_agencies: Listed[Line] = Field((), description="ids of agencies that must not learn of this referral")

    @field_validator("*", mode="after")
    @classmethod
    def _only_terms_of_ours(cls, value: Any) -> Any:
        for term in value if isinstance(value, tuple) else (value,):
            if isinstance(term, Vocabulary) and term.value == UNRECOGNIZED:
                raise own_fix(f"use one of: {', '.join(term.terms())}")
        return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value

    @model_validator(mode="after")
    def _age_is_told_once(self) -> "SubmittedFacts":
        if self.birth_year is not None and self.model_fields_set & {"age_band", "minor"}:
            raise own_fix("give birth_year, or age_band and minor, not both")
        told, follows = self.minor, minor_of(self.age_band)
        if Minor.unknown not in (told, follows) and told is not follows:
            raise own_fix("age_band and minor do not fit together: change one, or leave minor out")
        return self


class Victim(Frozen):
    """The person the referral is about."""

    names: Listed[Line] = Field((), description="every name the person goes by")
    birth_date: date | None = None
    address: Paragraph | None = None
    phone: Line | None = None
    email: Line | None = None
    other: Paragraph | None = Field(None, description="anything else that helps to find or recognize the person")


class ReporterDetails(Frozen):
    """Who tells it, as far as they wish to say."""

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    relation: Paragraph | None = Field(None, description="how they know the person")


class Suspect(Frozen):
    """Who is suspected, as far as known."""

    names: Listed[Line] = ()
    description: Paragraph | None = None
    whereabouts: Paragraph | None = Field(None, description="addresses, vehicles, phone numbers, accounts")


class Details(Frozen):
    """What identifies people. Kept apart from the facts and never sent to a topic. Every field may be left out."""

    narrative: Narrative | None = Field(None, description="what happened, in the referrer's words")
    place: Paragraph | None = Field(None, description="where it happens")
    victim: Victim | None = None
    reporter: ReporterDetails | None = None
    safe_contact: Paragraph | None = Field(None, description="how, when and where to reach someone without danger")
    suspect: Suspect | None = None


class Submission(Frozen):
    """A referral as it is sent."""

    facts: SubmittedFacts
    details: Details | None = None
