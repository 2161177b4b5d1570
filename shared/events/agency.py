"""Events that an agency writes to its own outbox, `agencies.ID.outbox`."""

from typing import Literal

from shared.events.envelope import AgencyEvent
from shared.events.facts import Frozen
from shared.events.outcomes import JusticeOutcome, ServiceOutcome, ThrivingOutcome, VictimAssessment
from shared.vocabulary import ClosureReason, DeclineReason, Progress


class NothingMore(Frozen):
    """The type says it all."""


class DeclineData(Frozen):
    """Why the agency declines."""

    reason: DeclineReason


class ProgressData(Frozen):
    """What was done."""

    progress: Progress


class CompleteData(Frozen):
    """Why the agency's part ends."""

    reason: ClosureReason


class AgencyAccepted(AgencyEvent):
    """We take it."""

    type: Literal["org.rhtrt.agency.accepted.v1"] = "org.rhtrt.agency.accepted.v1"
    data: NothingMore = NothingMore()


class AgencyDeclined(AgencyEvent):
    """We do not take it, because."""

    type: Literal["org.rhtrt.agency.declined.v1"] = "org.rhtrt.agency.declined.v1"
    data: DeclineData


class AgencyProgressed(AgencyEvent):
    """We did something."""

    type: Literal["org.rhtrt.agency.progressed.v1"] = "org.rhtrt.agency.progressed.v1"
    data: ProgressData


class AgencyRecordedService(AgencyEvent):
    """A service moved on."""

    type: Literal["org.rhtrt.agency.service_recorded.v1"] = "org.rhtrt.agency.service_recorded.v1"
    data: ServiceOutcome


class AgencyRecordedJustice(AgencyEvent):
    """A step of the justice track."""

    type: Literal["org.rhtrt.agency.justice_recorded.v1"] = "org.rhtrt.agency.justice_recorded.v1"
    data: JusticeOutcome


class AgencyRecordedThriving(AgencyEvent):
    """How the person fares."""

    type: Literal["org.rhtrt.agency.thriving_recorded.v1"] = "org.rhtrt.agency.thriving_recorded.v1"
    data: ThrivingOutcome


class AgencyAssessedVictim(AgencyEvent):
    """Whether the person is a victim, in our view."""

    type: Literal["org.rhtrt.agency.victim_assessed.v1"] = "org.rhtrt.agency.victim_assessed.v1"
    data: VictimAssessment


class AgencyCompleted(AgencyEvent):
    """Our part is done."""

    type: Literal["org.rhtrt.agency.completed.v1"] = "org.rhtrt.agency.completed.v1"
    data: CompleteData


OutboxEvent = (
    AgencyAccepted
    | AgencyDeclined
    | AgencyProgressed
    | AgencyRecordedService
    | AgencyRecordedJustice
    | AgencyRecordedThriving
    | AgencyAssessedVictim
    | AgencyCompleted
)
