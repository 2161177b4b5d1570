"""The coded facts of a referral: what rules and figures may know. No person, no free text."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.vocabulary import (
    AgeBand,
    Channel,
    Gender,
    LaborExploitation,
    Language,
    MeansOfControl,
    Minor,
    PoliceConsent,
    RaceEthnicity,
    Recruitment,
    RelationshipToTrafficker,
    Release,
    Reporter,
    SafeContact,
    SexExploitation,
    Town,
    TraffickingType,
)

AgencyId = Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,30}$")]
"""An agency's id as in config/agencies.yaml, for example `hartford-pd`."""

RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
"""A rule's id as in config/rules.yaml: the reason of a decision."""

RulesVersion = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
"""The first 12 hexadecimal digits of the SHA-256 of the rules a decision was made with."""


class Frozen(BaseModel):
    """Base of everything that travels: immutable, closed to unknown fields, and silent about rejected values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Facts(Frozen):
    """What is known of a referral in coded form. Every default means "not told"."""

    trafficking_type: TraffickingType = TraffickingType.unsure
    sex_exploitation: tuple[SexExploitation, ...] = ()
    labor_exploitation: tuple[LaborExploitation, ...] = ()
    means_of_control: tuple[MeansOfControl, ...] = ()
    recruitment: tuple[Recruitment, ...] = ()
    relationship_to_trafficker: RelationshipToTrafficker = RelationshipToTrafficker.unknown
    gender: Gender = Gender.unknown
    race_ethnicity: tuple[RaceEthnicity, ...] = ()
    age_band: AgeBand = AgeBand.unknown
    minor: Minor = Minor.unknown
    language: Language = Language.und
    reporter: Reporter
    anonymous: bool = False
    channel: Channel
    town_of_exploitation: Town = Town.unknown
    other_towns: tuple[Town, ...] = ()
    town_of_residence: Town = Town.unknown
    immediate_danger: bool = False
    missing_child: bool = False
    police_consent: PoliceConsent = PoliceConsent.not_asked
    release: Release = Release.not_needed
    safe_contact: SafeContact = SafeContact.not_wanted
    no_voicemail: bool = True
    excluded_agencies: tuple[AgencyId, ...] = ()
