"""What a referrer may send: coded facts, and the sensitive details."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from services.intake.details import Details, Line, Listed
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


class Submission(Frozen):
    """A referral as it is sent."""

    facts: SubmittedFacts
    details: Details | None = None
