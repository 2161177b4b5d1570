"""The documents that one referral becomes, and its first event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.idempotency import Claim
from shared.events.envelope import event_id
from shared.events.facts import Facts
from shared.events.intake import FactsData, ReferralReceived
from shared.outbox import pending

SOURCE = "/intake"


@dataclass(frozen=True, slots=True)
class Admission:
    """What is written, all of it or nothing.

    `referral`: {_id, version, sequence, correlation_id, facts, received_at, receipt, sender?, idempotency?, outbox}, no
    personal detail.
    `details`: {_id, ...} as told, or None where none were. `traits`: {_id, traits}, what the same person is known again by.
    `has_key`: whether the key that the details are encrypted with is there already.
    """

    referral: dict[str, Any]
    details: dict[str, Any] | None
    traits: dict[str, Any] | None = None
    has_key: bool = False


def admit(
    referral: UUID, facts: Facts, details: dict[str, Any], *, correlation: UUID, at: datetime, receipt: dict[str, Any],
    claimed: Claim | None, topic: str, sender: str | None = None, again: bytes = b"",
) -> Admission:  # fmt: skip
    """A new referral with its `received` event pending.

    `receipt`: what is kept of its code. `again`: the code, locked, for a repeated request.
    """
    event = received(referral, facts, correlation=correlation, at=at, has_details=bool(details))
    document: dict[str, Any] = {
        "_id": str(referral),
        "version": 1,
        "sequence": event.sequence,
        "correlation_id": str(correlation),
        "facts": facts.model_dump(mode="json"),
        "received_at": at,
        "receipt": receipt,
        "outbox": [pending(event, [topic], at)],
    }
    if sender:
        document["sender"] = sender
    if claimed:
        document["idempotency"] = {"key": claimed.key, "body": claimed.body, "code": again}
    return Admission(document, {"_id": str(referral)} | details if details else None)


def received(referral: UUID, facts: Facts, *, correlation: UUID, at: datetime, has_details: bool) -> ReferralReceived:
    """The referral's first event; `dataref` says where the details are for those who may read them."""
    return ReferralReceived(
        id=event_id(SOURCE, str(referral), 1),
        source=SOURCE,
        subject=referral,
        time=at,
        correlationid=correlation,
        sequence=1,
        dataref=f"/api/v1/referrals/{referral}/details" if has_details else None,
        data=FactsData(facts=facts),
    )
