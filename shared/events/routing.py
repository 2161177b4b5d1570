"""Events of routing: all on `referrals.activity`; what concerns an agency also on that agency's inbox."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Event, Moment
from shared.events.facts import AgencyId, Facts, Frozen, RuleId, RulesVersion
from shared.events.outcomes import JusticeOutcome, ServiceOutcome, ThrivingOutcome, VictimAssessment
from shared.vocabulary import (
    Added,
    AssignmentRole,
    CalledBy,
    ClockKind,
    ClosureReason,
    DeclineReason,
    EscalationLevel,
    ExclusionReason,
    MandatedReport,
    OverrideReason,
    Progress,
    Rejection,
    ReopenReason,
    RerouteReason,
    RevokeReason,
    ScreenOutReason,
    SharedTrait,
    Urgency,
    UrgencyReason,
)


class ClockData(Frozen):
    """One clock of the referral; `agency` where it belongs to an assignment."""

    clock: ClockKind
    agency: AgencyId | None = None
    due: Moment


Clocks = tuple[ClockData, ...]
"""Clocks that begin with an event, or are due sooner from it on. An agency's own stand in events about that agency alone."""


class RoutedData(Frozen):
    """The decision: which rules spoke, how urgent it is, the referral's own clocks. The offers follow by themselves."""

    urgency: Urgency
    reasons: tuple[RuleId, ...]
    rules_version: RulesVersion
    clocks: Clocks = ()


class OfferedData(Frozen):
    """One agency is asked to take its part. With it the answer clock begins, which runs out at `answer_by`."""

    agency: AgencyId
    role: AssignmentRole
    urgency: Urgency
    reasons: tuple[RuleId, ...]
    answer_by: Moment
    facts: Facts


class RemindedData(Frozen):
    """The agency has not answered yet. `answer_by` is when the offer expires, or the coordinator is told."""

    agency: AgencyId
    role: AssignmentRole
    urgency: Urgency
    reasons: tuple[RuleId, ...]
    answer_by: Moment


class UpdatedData(Frozen):
    """What an agency knows of the referral has changed; all facts as they stand now, and how urgent it is.

    `added`: what the reporter came back with, where that is the cause. `clocks`: what the agency has to do sooner than it knew.
    """

    agency: AgencyId
    facts: Facts
    urgency: Urgency | None = None
    added: tuple[Added, ...] = ()
    clocks: Clocks = ()


class AssignmentData(Frozen):
    """An agency's assignment changed as the event's type says."""

    agency: AgencyId
    role: AssignmentRole


class AcceptedData(AssignmentData):
    """The agency said yes, and owes a first word of its work."""

    clocks: Clocks = ()


class DeclinedData(AssignmentData):
    """The agency said no."""

    reason: DeclineReason


class RevokedData(AssignmentData):
    """The assignment was taken back; access to the details ends."""

    reason: RevokeReason


class ReroutedData(AssignmentData):
    """`agency` no longer has it; `to` is asked instead (empty: everyone left already has it)."""

    reason: RerouteReason
    to: tuple[AgencyId, ...]


class ProgressedData(AssignmentData):
    """The agency reports work, and owes the next word of it."""

    progress: Progress
    clocks: Clocks = ()


class CompletedData(AssignmentData):
    """The agency's part is done."""

    reason: ClosureReason


class ClosedData(Frozen):
    """Every part is done, or the referral ends as a whole."""

    reason: ClosureReason


class ReopenedData(Frozen):
    """Work goes on: an agency or the reporter came back to it."""

    agency: AgencyId | None = None
    reason: ReopenReason | None = None


class ScreenedOutData(Frozen):
    """The referral ends, as it is none for this taskforce."""

    reason: ScreenOutReason


class OverriddenData(Frozen):
    """The coordinator decided in the rules' stead: `to` has it now, and who else had it has not."""

    urgency: Urgency
    to: tuple[AgencyId, ...]
    reason: OverrideReason


class ExcludedData(Frozen):
    """`agency` is left out from now on, whatever else happens."""

    agency: AgencyId
    reason: ExclusionReason


class UrgencyRaisedData(Frozen):
    """Somebody of `agency` saw that it cannot wait so long."""

    agency: AgencyId
    urgency: Urgency
    reason: UrgencyReason


class ReportRecordedData(Frozen):
    """A mandated report was made outside this bus, by whom and when. Its reference stays with the referral."""

    agency: AgencyId
    report: MandatedReport
    called_by: CalledBy
    made_at: Moment
    clocks: Clocks = ()


class DuplicateLinkedData(Frozen):
    """Probably the same case as `duplicate_of`; both live on, no reporter is dropped.

    `score` (from 0 to 1, where 1 is certain) and `reasons` where intake found it likely; without them people have said so.
    """

    duplicate_of: UUID
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    reasons: tuple[SharedTrait, ...] | None = None


class ReporterAddedData(Frozen):
    """`agency` has to know that the reporter came back, and with what."""

    agency: AgencyId
    urgency: Urgency
    added: tuple[Added, ...]


class EscalatedData(Frozen):
    """The next level has to know. `clock` is the one that ran out; none where something else is the cause (see `reasons`)."""

    level: EscalationLevel
    clock: ClockKind | None = None
    agency: AgencyId
    urgency: Urgency
    reasons: tuple[RuleId, ...]


class RejectedData(Frozen):
    """An event of the agency had no effect. `event` is its id where it could be read."""

    agency: AgencyId
    event: UUID | None = None
    reason: Rejection


class ServiceRecordedData(ServiceOutcome):
    """A service outcome and who recorded it."""

    agency: AgencyId
    clocks: Clocks = ()


class JusticeRecordedData(JusticeOutcome):
    """A justice outcome and who recorded it."""

    agency: AgencyId
    clocks: Clocks = ()


class ThrivingRecordedData(ThrivingOutcome):
    """Thriving indicators and who recorded them."""

    agency: AgencyId
    clocks: Clocks = ()


class VictimAssessedData(VictimAssessment):
    """The victim status and who decided it."""

    agency: AgencyId
    clocks: Clocks = ()


class ReferralRouted(Event):
    """Rules were applied; the offers follow."""

    type: Literal["org.rhtrt.referral.routed.v1"] = "org.rhtrt.referral.routed.v1"
    data: RoutedData


class AssignmentOffered(Event):
    """An agency is asked to take its part."""

    type: Literal["org.rhtrt.assignment.offered.v1"] = "org.rhtrt.assignment.offered.v1"
    data: OfferedData


class AssignmentUpdated(Event):
    """The facts behind an open assignment changed."""

    type: Literal["org.rhtrt.assignment.updated.v1"] = "org.rhtrt.assignment.updated.v1"
    data: UpdatedData


class AssignmentAccepted(Event):
    """The agency has taken its part."""

    type: Literal["org.rhtrt.assignment.accepted.v1"] = "org.rhtrt.assignment.accepted.v1"
    data: AcceptedData


class AssignmentDeclined(Event):
    """The agency declined, with a reason."""

    type: Literal["org.rhtrt.assignment.declined.v1"] = "org.rhtrt.assignment.declined.v1"
    data: DeclinedData


class AssignmentReminded(Event):
    """The answer is due soon and has not come."""

    type: Literal["org.rhtrt.assignment.reminded.v1"] = "org.rhtrt.assignment.reminded.v1"
    data: RemindedData


class AssignmentExpired(Event):
    """The agency did not answer in time."""

    type: Literal["org.rhtrt.assignment.expired.v1"] = "org.rhtrt.assignment.expired.v1"
    data: AssignmentData


class AssignmentRevoked(Event):
    """The assignment was taken back."""

    type: Literal["org.rhtrt.assignment.revoked.v1"] = "org.rhtrt.assignment.revoked.v1"
    data: RevokedData


class AssignmentRerouted(Event):
    """Another agency is asked in this one's stead."""

    type: Literal["org.rhtrt.assignment.rerouted.v1"] = "org.rhtrt.assignment.rerouted.v1"
    data: ReroutedData


class AssignmentProgressed(Event):
    """The agency reports work in progress."""

    type: Literal["org.rhtrt.assignment.progressed.v1"] = "org.rhtrt.assignment.progressed.v1"
    data: ProgressedData


class AssignmentCompleted(Event):
    """The agency's part is done."""

    type: Literal["org.rhtrt.assignment.completed.v1"] = "org.rhtrt.assignment.completed.v1"
    data: CompletedData


class ReferralClosed(Event):
    """The referral ends, with a reason."""

    type: Literal["org.rhtrt.referral.closed.v1"] = "org.rhtrt.referral.closed.v1"
    data: ClosedData


class ReferralReopened(Event):
    """A closed referral lives again."""

    type: Literal["org.rhtrt.referral.reopened.v1"] = "org.rhtrt.referral.reopened.v1"
    data: ReopenedData


class ReferralScreenedOut(Event):
    """The referral ends, as it is none for this taskforce."""

    type: Literal["org.rhtrt.referral.screened_out.v1"] = "org.rhtrt.referral.screened_out.v1"
    data: ScreenedOutData


class ReferralOverridden(Event):
    """The coordinator decided in the rules' stead; offers and revocations follow."""

    type: Literal["org.rhtrt.referral.overridden.v1"] = "org.rhtrt.referral.overridden.v1"
    data: OverriddenData


class AgencyExcluded(Event):
    """An agency has to be left out of this referral."""

    type: Literal["org.rhtrt.referral.agency_excluded.v1"] = "org.rhtrt.referral.agency_excluded.v1"
    data: ExcludedData


class UrgencyRaised(Event):
    """The referral is more urgent than it was."""

    type: Literal["org.rhtrt.referral.urgency_raised.v1"] = "org.rhtrt.referral.urgency_raised.v1"
    data: UrgencyRaisedData


class ReportRecorded(Event):
    """A mandated report to DCF was made and recorded."""

    type: Literal["org.rhtrt.report.recorded.v1"] = "org.rhtrt.report.recorded.v1"
    data: ReportRecordedData


class DuplicateLinked(Event):
    """Two referrals probably tell of the same case: the coordinator says so, or intake found it likely."""

    type: Literal["org.rhtrt.referral.duplicate_linked.v1"] = "org.rhtrt.referral.duplicate_linked.v1"
    data: DuplicateLinkedData


class ReporterAdded(Event):
    """The reporter came back and added something."""

    type: Literal["org.rhtrt.reporter.added.v1"] = "org.rhtrt.reporter.added.v1"
    data: ReporterAddedData


class ReferralEscalated(Event):
    """The next level has to know."""

    type: Literal["org.rhtrt.referral.escalated.v1"] = "org.rhtrt.referral.escalated.v1"
    data: EscalatedData


class ClockStarted(Event):
    """A clock runs that began with no other event."""

    type: Literal["org.rhtrt.clock.started.v1"] = "org.rhtrt.clock.started.v1"
    data: ClockData


class ClockMet(Event):
    """What the clock waits for happened in time or, after a miss, at last."""

    type: Literal["org.rhtrt.clock.met.v1"] = "org.rhtrt.clock.met.v1"
    data: ClockData


class ClockMissed(Event):
    """The clock ran out."""

    type: Literal["org.rhtrt.clock.missed.v1"] = "org.rhtrt.clock.missed.v1"
    data: ClockData


class AgencyEventRejected(Event):
    """An agency's event had no effect, and why. Goes to that agency's inbox alone."""

    type: Literal["org.rhtrt.agency_event.rejected.v1"] = "org.rhtrt.agency_event.rejected.v1"
    data: RejectedData


class ServiceRecorded(Event):
    """A service was requested, referred, provided, declined or unavailable."""

    type: Literal["org.rhtrt.outcome.service_recorded.v1"] = "org.rhtrt.outcome.service_recorded.v1"
    data: ServiceRecordedData


class JusticeRecorded(Event):
    """A step of the justice track."""

    type: Literal["org.rhtrt.outcome.justice_recorded.v1"] = "org.rhtrt.outcome.justice_recorded.v1"
    data: JusticeRecordedData


class ThrivingRecorded(Event):
    """How the person fares at 30, 90 or 180 days."""

    type: Literal["org.rhtrt.outcome.thriving_recorded.v1"] = "org.rhtrt.outcome.thriving_recorded.v1"
    data: ThrivingRecordedData


class VictimAssessed(Event):
    """Somebody decided whether the person is a victim."""

    type: Literal["org.rhtrt.outcome.victim_assessed.v1"] = "org.rhtrt.outcome.victim_assessed.v1"
    data: VictimAssessedData


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
