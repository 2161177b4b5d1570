"""Builders of events for tests: say what matters, the rest is filled in. Deterministic: the same arguments, the same event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from shared.contracts.examples import AT, REFERRAL, event
from shared.events.envelope import AgencyEvent, Event
from shared.events.facts import Facts
from shared.events.intake import DuplicatesFound, ReferralReceived, ReferralSupplemented, ReferralWithdrawn
from shared.vocabulary import Channel, Reporter, WithdrawalReason

A = TypeVar("A", bound=AgencyEvent)
E = TypeVar("E", bound=Event)


def referral_id(number: int) -> UUID:
    """The id of test referral `number`."""
    return uuid5(REFERRAL, str(number))


def facts(**told: Any) -> Facts:
    """Facts of a hotline call, with what a test tells besides."""
    return Facts.model_validate({"reporter": Reporter.hotline, "channel": Channel.phone} | told)


def received(referral: UUID = REFERRAL, sequence: int = 1, *, at: datetime = AT, **told: Any) -> ReferralReceived:
    """Intake's first event of a referral; `told` are facts."""
    return event(ReferralReceived, {"facts": facts(**told)}, referral=referral, sequence=sequence, at=at)


def supplemented(
    referral: UUID = REFERRAL, sequence: int = 2, *, at: datetime = AT, added: Sequence[str] = (), **told: Any
) -> ReferralSupplemented:
    """The reporter came back; `told` are all facts as they stand now."""
    return event(
        ReferralSupplemented, {"facts": facts(**told), "added": tuple(added)}, referral=referral, sequence=sequence, at=at
    )


def withdrawn(
    referral: UUID = REFERRAL,
    sequence: int = 2,
    *,
    at: datetime = AT,
    reason: WithdrawalReason = WithdrawalReason.changed_mind,
) -> ReferralWithdrawn:
    """The reporter took it back."""
    return event(ReferralWithdrawn, {"reason": reason}, referral=referral, sequence=sequence, at=at)


def duplicates_found(
    *others: UUID, referral: UUID = REFERRAL, sequence: int = 2, at: datetime = AT, score: float = 0.8
) -> DuplicatesFound:
    """Intake found others likely to be of the same person, all by a phone number."""
    told = tuple({"referral": other, "score": score, "reasons": ("phone",)} for other in others)
    return event(DuplicatesFound, {"duplicates": told}, referral=referral, sequence=sequence, at=at)


def happened(kind: type[E], referral: UUID = REFERRAL, sequence: int = 1, *, at: datetime = AT, **data: Any) -> E:
    """Any event of ours, with `data` as its fields ask. `happened(AssignmentAccepted, id, 3, agency=..., role=...)`."""
    return event(kind, data, referral=referral, sequence=sequence, at=at)


def answer(kind: type[A], agency: str, referral: UUID = REFERRAL, *, number: int = 1, at: datetime = AT, **data: Any) -> A:
    """An event an agency writes; `number` tells several of one agency apart. `answer(AgencyDeclined, "dcf", reason=...)`."""
    return event(kind, data, referral=referral, sequence=number, at=at, by=agency)


__all__ = ["AT", "REFERRAL", "answer", "event", "facts", "happened", "received", "referral_id", "supplemented", "withdrawn"]
