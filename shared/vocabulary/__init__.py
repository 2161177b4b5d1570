"""The closed vocabularies of the field, aligned to the Human Trafficking Case Data Standard (HTCDS) 2.0.

Every coded fact in an event, a rule, a metric label or a report is a member of one of these. Where the standard has a gap
(services, thriving, race and ethnicity) the terms follow the Office for Victims of Crime and the US OMB categories of 2024.

`unrecognized` is no term of any vocabulary: a reader puts it where a newer writer used a term that it does not know yet,
and no writer may send it.
"""

from shared.vocabulary.clocks import CalledBy, ClockKind, EscalationLevel, MandatedReport, Progress
from shared.vocabulary.exploitation import (
    LaborExploitation,
    MeansOfControl,
    Recruitment,
    RelationshipToTrafficker,
    SexExploitation,
    TraffickingType,
    VictimStatus,
)
from shared.vocabulary.life import AssignmentRole, AssignmentStatus, ReferralStatus, SharedTrait, Urgency
from shared.vocabulary.notices import Capability, NotificationChannel, NotificationFailure, StaffRole
from shared.vocabulary.outcomes import Barrier, Charge, Disposition, JusticeStep, Service, ServiceStatus, ThrivingIndicator
from shared.vocabulary.person import AgeBand, Gender, Language, Minor, RaceEthnicity
from shared.vocabulary.reasons import (
    ClosureReason,
    DeclineReason,
    ExclusionReason,
    OverrideReason,
    Rejection,
    ReopenReason,
    RerouteReason,
    RevokeReason,
    ScreenOutReason,
    UrgencyReason,
)
from shared.vocabulary.telling import Added, Channel, PoliceConsent, Release, Reporter, SafeContact, Town, WithdrawalReason
from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary, newer_terms

__all__ = [
    "UNRECOGNIZED",
    "Added",
    "AgeBand",
    "AssignmentRole",
    "AssignmentStatus",
    "Barrier",
    "CalledBy",
    "Capability",
    "Channel",
    "Charge",
    "ClockKind",
    "ClosureReason",
    "DeclineReason",
    "Disposition",
    "EscalationLevel",
    "ExclusionReason",
    "Gender",
    "JusticeStep",
    "LaborExploitation",
    "Language",
    "MandatedReport",
    "MeansOfControl",
    "Minor",
    "NotificationChannel",
    "NotificationFailure",
    "OverrideReason",
    "PoliceConsent",
    "Progress",
    "RaceEthnicity",
    "Recruitment",
    "ReferralStatus",
    "Rejection",
    "RelationshipToTrafficker",
    "Release",
    "ReopenReason",
    "Reporter",
    "RerouteReason",
    "RevokeReason",
    "SafeContact",
    "ScreenOutReason",
    "Service",
    "ServiceStatus",
    "SexExploitation",
    "SharedTrait",
    "StaffRole",
    "ThrivingIndicator",
    "Town",
    "TraffickingType",
    "Urgency",
    "UrgencyReason",
    "VictimStatus",
    "Vocabulary",
    "WithdrawalReason",
    "newer_terms",
]
