"""What people at the desk may ask for, each a closed form: terms, ids, times, and no text. Pure."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.agency import CompleteData, DeclineData, NothingMore, ProgressData
from shared.events.envelope import Moment
from shared.events.facts import AgencyId, Frozen
from shared.events.outcomes import JusticeOutcome, ServiceOutcome, ThrivingOutcome, VictimAssessment
from shared.vocabulary import (
    AssignmentRole,
    CalledBy,
    ClosureReason,
    ExclusionReason,
    OverrideReason,
    Progress,
    ReopenReason,
    RevokeReason,
    ScreenOutReason,
    Urgency,
    UrgencyReason,
)

Reference = Annotated[str, Field(pattern=r"^[A-Z]{0,2}[0-9]{5,8}$")]
"""The Careline's number of a report. Too short for a telephone or a social security number."""


class Accept(NothingMore):
    """We take our part."""


class Decline(DeclineData):
    """We do not take it."""


class Progressed(ProgressData):
    """We did something. The reports to DCF have commands of their own, as they need a reference."""

    progress: Literal[Progress.work_started, Progress.victim_contacted, Progress.response_begun]


class Complete(CompleteData):
    """Our part is done."""


class RecordService(ServiceOutcome):
    """A service moved on."""


class RecordJustice(JusticeOutcome):
    """A step of the justice track."""


class RecordThriving(ThrivingOutcome):
    """How the person fares."""


class AssessVictim(VictimAssessment):
    """Whether the person is a victim, in our view."""


class RecordOralReport(Frozen):
    """The DCF Careline was called: by whom, when, and the reference it gave."""

    called_by: CalledBy
    made_at: Moment
    reference: Reference


class RecordWrittenReport(Frozen):
    """The written report was sent to DCF."""

    called_by: CalledBy
    made_at: Moment
    reference: Reference | None = None


class RaiseUrgency(Frozen):
    """It cannot wait so long."""

    urgency: Urgency
    reason: UrgencyReason


class Reroute(Frozen):
    """`agency` hands its part on to others; without `to` the rules' fallback says to whom."""

    agency: AgencyId
    to: tuple[AgencyId, ...] = ()
    reason: OverrideReason


class Part(Frozen):
    """An agency, and what it is asked to do."""

    agency: AgencyId
    role: AssignmentRole


class AddAgency(Part):
    """Ask one more agency, or one that had declined."""

    reason: OverrideReason


class RevokeAgency(Frozen):
    """Take an agency's part back."""

    agency: AgencyId
    reason: Literal[
        RevokeReason.consent_changed, RevokeReason.duplicate, RevokeReason.not_needed, RevokeReason.asked_by_mistake
    ]


class Override(Frozen):
    """Decide in the rules' stead: exactly these have it now. `urgency` may also be lower than it was."""

    to: tuple[Part, ...] = Field(min_length=1, max_length=20)
    urgency: Urgency | None = None
    reason: OverrideReason


class Exclude(Frozen):
    """Leave an agency out from now on."""

    agency: AgencyId
    reason: ExclusionReason


class LinkDuplicate(Frozen):
    """Probably the same case as another referral. Both live on."""

    duplicate_of: UUID


class Close(Frozen):
    """End it for everybody."""

    reason: ClosureReason


class ScreenOut(Frozen):
    """End it, as it is none for this taskforce."""

    reason: ScreenOutReason


class Reopen(Frozen):
    """Work goes on: the rules say again who is asked."""

    reason: ReopenReason


Command = (
    Accept
    | Decline
    | Progressed
    | Complete
    | RecordService
    | RecordJustice
    | RecordThriving
    | AssessVictim
    | RecordOralReport
    | RecordWrittenReport
    | RaiseUrgency
    | Reroute
    | AddAgency
    | RevokeAgency
    | Override
    | Exclude
    | LinkDuplicate
    | Close
    | ScreenOut
    | Reopen
)
