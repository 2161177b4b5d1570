"""What someone who comes back may change in their referral: facts and a time in, what to write out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.intake.referral import SOURCE
from shared.events.envelope import Event, event_id
from shared.events.facts import Facts
from shared.events.intake import FactsData, ReferralSupplemented, ReferralWithdrawn, WithdrawnData
from shared.vocabulary import SafeContact, WithdrawalReason


@dataclass(frozen=True, slots=True)
class Told:
    """A referral as its reporter may see it. `withdrawn`: they have taken it back."""

    referral: UUID
    version: int
    sequence: int
    correlation: UUID
    facts: Facts
    received_at: datetime
    withdrawn: bool

    @property
    def contact_unsafe(self) -> bool:
        """Whether nobody may contact the reporter."""
        return self.facts.safe_contact is SafeContact.unsafe


@dataclass(frozen=True, slots=True)
class Change:
    """What is written together: new values of the document's fields, and the event that tells of them."""

    what: Literal["withdrawn", "contact_unsafe"]
    fields: dict[str, Any]
    event: Event


def take_back(told: Told, reason: WithdrawalReason, at: datetime) -> Change | None:
    """Withdraws the referral; None where that is done already."""
    if told.withdrawn:
        return None
    event = ReferralWithdrawn(data=WithdrawnData(reason=reason), **_head(told, at))
    return Change("withdrawn", {"withdrawn": reason.value}, event)


def stop_contact(told: Told, at: datetime) -> Change | None:
    """From now on nobody contacts the reporter; None where that holds already, or the referral was taken back."""
    if told.contact_unsafe or told.withdrawn:
        return None
    facts = told.facts.model_copy(update={"safe_contact": SafeContact.unsafe, "no_voicemail": True})
    event = ReferralSupplemented(data=FactsData(facts=facts), **_head(told, at))
    return Change("contact_unsafe", {"facts": facts.model_dump(mode="json")}, event)


def _head(told: Told, at: datetime) -> dict[str, Any]:
    sequence = told.sequence + 1
    return {
        "id": event_id(SOURCE, str(told.referral), sequence),
        "source": SOURCE,
        "subject": told.referral,
        "time": at,
        "correlationid": told.correlation,
        "sequence": sequence,
    }
