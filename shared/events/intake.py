"""Events of intake, on `referrals.intake`."""

from typing import Literal

from shared.events.envelope import Event
from shared.events.facts import Facts, Frozen
from shared.vocabulary import Added, WithdrawalReason


class FactsData(Frozen):
    """All coded facts as they stand now (not a difference)."""

    facts: Facts


class SupplementedData(FactsData):
    """`added`: what the reporter came back with; nothing where only facts changed."""

    added: tuple[Added, ...] = ()


class WithdrawnData(Frozen):
    """The reporter took the referral back."""

    reason: WithdrawalReason


class ReferralReceived(Event):
    """A referral is safe with us. Routing answers with `referral.routed`."""

    type: Literal["org.rhtrt.referral.received.v1"] = "org.rhtrt.referral.received.v1"
    data: FactsData


class ReferralSupplemented(Event):
    """The reporter added to a referral."""

    type: Literal["org.rhtrt.referral.supplemented.v1"] = "org.rhtrt.referral.supplemented.v1"
    data: SupplementedData


class ReferralWithdrawn(Event):
    """The reporter withdrew a referral."""

    type: Literal["org.rhtrt.referral.withdrawn.v1"] = "org.rhtrt.referral.withdrawn.v1"
    data: WithdrawnData


IntakeEvent = ReferralReceived | ReferralSupplemented | ReferralWithdrawn
