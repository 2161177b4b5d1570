"""Synthetic events of whole referrals, as intake, routing and notifications write them. Nobody in them exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from deploy.demo.caseload import CASES, adult
from shared.events.envelope import event_id
from shared.events.facts import Facts
from shared.events.intake import FactsData, ReferralReceived
from shared.vocabulary import MeansOfControl

_NAMESPACE = UUID("6f6b1a52-54d0-5a3e-9b1c-3d0d4f3c7a10")
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
CONTROL = (
    MeansOfControl.debt_bondage,
    MeansOfControl.restricts_movement,
    MeansOfControl.withholds_documents,
    MeansOfControl.takes_earnings,
    MeansOfControl.physical_threats,
)


def referral_id(number: int) -> UUID:
    """The same for the same number."""
    return uuid5(_NAMESPACE, str(number))


def received(number: int) -> ReferralReceived:
    """Referral `number` as intake tells of it: about 1 kB, every row of the routing table in turn."""
    return _received(number, CASES[number % len(CASES)].facts)


def plain(number: int) -> ReferralReceived:
    """The plainest case: an adult in Hartford, reported by somebody else; two agencies are asked."""
    return _received(number, adult("hartford"))


def _received(number: int, facts: dict[str, Any]) -> ReferralReceived:
    referral, told = referral_id(number), {"means_of_control": CONTROL, **facts, "channel": "api"}
    return ReferralReceived(
        id=event_id("/intake", str(referral), 1),
        source="/intake",
        subject=referral,
        time=BEGIN,
        correlationid=referral,
        sequence=1,
        data=FactsData(facts=Facts(**told)),
    )


def all_received(count: int) -> Iterator[ReferralReceived]:
    """That many referrals."""
    return map(received, range(count))
