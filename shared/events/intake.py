"""Events of intake, on `referrals.intake`."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Event
from shared.events.facts import Facts, Frozen
from shared.vocabulary import Added, SharedTrait, WithdrawalReason


class FactsData(Frozen):
    """All coded facts as they stand now (not a difference)."""

    facts: Facts


class SupplementedData(FactsData):
    """`added`: what the reporter came back with; nothing where only facts changed."""

    added: tuple[Added, ...] = ()


class WithdrawnData(Frozen):
    """The reporter took the referral back."""

    reason: WithdrawalReason


class LikelyDuplicate(Frozen):
    """Another referral that probably tells of the same person. `score`: from 0 to 1, where 1 is certain."""

    referral: UUID
    score: Annotated[float, Field(ge=0, le=1)]
    reasons: tuple[SharedTrait, ...]


class DuplicatesData(Frozen):
    """The likeliest first. Whether they are the same is for people to decide."""

    duplicates: Annotated[tuple[LikelyDuplicate, ...], Field(max_length=10)]


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


class DuplicatesFound(Event):
    """Other referrals probably tell of the same person. Nothing is merged: each lives on, with its own reporter."""

    type: Literal["org.rhtrt.referral.duplicates_found.v1"] = "org.rhtrt.referral.duplicates_found.v1"
    data: DuplicatesData


IntakeEvent = ReferralReceived | ReferralSupplemented | ReferralWithdrawn | DuplicatesFound
