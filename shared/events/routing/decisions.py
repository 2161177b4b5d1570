"""What was decided about a referral as a whole: by the rules, by people, or because nobody had acted."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Event
from shared.events.facts import AgencyId, Frozen, RuleId, RulesVersion
from shared.events.routing.clocks import Clocks
from shared.vocabulary import (
    Added,
    ClockKind,
    ClosureReason,
    EscalationLevel,
    ExclusionReason,
    OverrideReason,
    ReopenReason,
    ScreenOutReason,
    SharedTrait,
    Urgency,
    UrgencyReason,
)


class RoutedData(Frozen):
    """The decision: which rules spoke, how urgent it is, the referral's own clocks. The offers follow by themselves."""

    urgency: Urgency
    reasons: tuple[RuleId, ...]
    rules_version: RulesVersion
    clocks: Clocks = ()


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


class ReferralRouted(Event):
    """Rules were applied; the offers follow."""

    type: Literal["org.rhtrt.referral.routed.v1"] = "org.rhtrt.referral.routed.v1"
    data: RoutedData


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
