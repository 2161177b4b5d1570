"""The part of one agency: offered, answered, worked on, ended; and what had no effect."""

from typing import Literal
from uuid import UUID

from shared.events.envelope import Event, Moment
from shared.events.facts import AgencyId, Facts, Frozen, RuleId
from shared.events.routing.clocks import Clocks
from shared.vocabulary import (
    Added,
    AssignmentRole,
    ClosureReason,
    DeclineReason,
    Progress,
    Rejection,
    RerouteReason,
    RevokeReason,
    Urgency,
)


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


class RejectedData(Frozen):
    """An event of the agency had no effect. `event` is its id where it could be read."""

    agency: AgencyId
    event: UUID | None = None
    reason: Rejection


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


class AgencyEventRejected(Event):
    """An agency's event had no effect, and why. Goes to that agency's inbox alone."""

    type: Literal["org.rhtrt.agency_event.rejected.v1"] = "org.rhtrt.agency_event.rejected.v1"
    data: RejectedData
