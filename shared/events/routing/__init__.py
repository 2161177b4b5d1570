"""Events of routing: all on `referrals.activity`; what concerns an agency also on that agency's inbox."""

from shared.events.routing.assignments import (
    AcceptedData,
    AgencyEventRejected,
    AssignmentAccepted,
    AssignmentCompleted,
    AssignmentData,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentOffered,
    AssignmentProgressed,
    AssignmentReminded,
    AssignmentRerouted,
    AssignmentRevoked,
    AssignmentUpdated,
    CompletedData,
    DeclinedData,
    OfferedData,
    ProgressedData,
    RejectedData,
    RemindedData,
    ReroutedData,
    RevokedData,
    UpdatedData,
)
from shared.events.routing.clocks import (
    ClockData,
    ClockMet,
    ClockMissed,
    Clocks,
    ClockStarted,
    ReportRecorded,
    ReportRecordedData,
)
from shared.events.routing.decisions import (
    AgencyExcluded,
    ClosedData,
    DuplicateLinked,
    DuplicateLinkedData,
    EscalatedData,
    ExcludedData,
    OverriddenData,
    ReferralClosed,
    ReferralEscalated,
    ReferralOverridden,
    ReferralReopened,
    ReferralRouted,
    ReferralScreenedOut,
    ReopenedData,
    ReporterAdded,
    ReporterAddedData,
    RoutedData,
    ScreenedOutData,
    UrgencyRaised,
    UrgencyRaisedData,
)
from shared.events.routing.recorded import (
    JusticeRecorded,
    JusticeRecordedData,
    ServiceRecorded,
    ServiceRecordedData,
    ThrivingRecorded,
    ThrivingRecordedData,
    VictimAssessed,
    VictimAssessedData,
)

ActivityEvent = (
    ReferralRouted
    | AssignmentOffered
    | AssignmentReminded
    | AssignmentUpdated
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentExpired
    | AssignmentRevoked
    | AssignmentRerouted
    | AssignmentProgressed
    | AssignmentCompleted
    | ReferralClosed
    | ReferralReopened
    | ReferralScreenedOut
    | ReferralOverridden
    | AgencyExcluded
    | UrgencyRaised
    | ReportRecorded
    | DuplicateLinked
    | ReporterAdded
    | ReferralEscalated
    | ClockStarted
    | ClockMet
    | ClockMissed
    | ServiceRecorded
    | JusticeRecorded
    | ThrivingRecorded
    | VictimAssessed
)

InboxEvent = (
    AssignmentOffered | AssignmentReminded | AssignmentUpdated | AssignmentExpired | AssignmentRevoked | AgencyEventRejected
)

__all__ = [
    "AcceptedData",
    "ActivityEvent",
    "AgencyEventRejected",
    "AgencyExcluded",
    "AssignmentAccepted",
    "AssignmentCompleted",
    "AssignmentData",
    "AssignmentDeclined",
    "AssignmentExpired",
    "AssignmentOffered",
    "AssignmentProgressed",
    "AssignmentReminded",
    "AssignmentRerouted",
    "AssignmentRevoked",
    "AssignmentUpdated",
    "ClockData",
    "ClockMet",
    "ClockMissed",
    "ClockStarted",
    "Clocks",
    "ClosedData",
    "CompletedData",
    "DeclinedData",
    "DuplicateLinked",
    "DuplicateLinkedData",
    "EscalatedData",
    "ExcludedData",
    "InboxEvent",
    "JusticeRecorded",
    "JusticeRecordedData",
    "OfferedData",
    "OverriddenData",
    "ProgressedData",
    "ReferralClosed",
    "ReferralEscalated",
    "ReferralOverridden",
    "ReferralReopened",
    "ReferralRouted",
    "ReferralScreenedOut",
    "RejectedData",
    "RemindedData",
    "ReopenedData",
    "ReportRecorded",
    "ReportRecordedData",
    "ReporterAdded",
    "ReporterAddedData",
    "ReroutedData",
    "RevokedData",
    "RoutedData",
    "ScreenedOutData",
    "ServiceRecorded",
    "ServiceRecordedData",
    "ThrivingRecorded",
    "ThrivingRecordedData",
    "UpdatedData",
    "UrgencyRaised",
    "UrgencyRaisedData",
    "VictimAssessed",
    "VictimAssessedData",
]
