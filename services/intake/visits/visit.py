"""What someone who comes back may change in their referral: facts and a time in, what to write out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.referral import SOURCE
from shared.events.envelope import Event, event_id
from shared.events.facts import Facts
from shared.events.intake import ReferralSupplemented, ReferralWithdrawn, SupplementedData, WithdrawnData
from shared.vocabulary import Added, SafeContact, WithdrawalReason


@dataclass(frozen=True, slots=True)
class Told:
    """A referral as its reporter may see it. `withdrawn`: they have taken it back.

    `messages`: how many there are. `waiting`: since when words of the reporter wait for the coordinator. `destroyed`: its
    details are no more.
    """

    referral: UUID
    version: int
    sequence: int
    correlation: UUID
    facts: Facts
    received_at: datetime
    withdrawn: bool
    messages: int = 0
    waiting: datetime | None = None
    destroyed: bool = False

    @property
    def contact_unsafe(self) -> bool:
        """Whether nobody may contact the reporter."""
        return self.facts.safe_contact is SafeContact.unsafe


@dataclass(frozen=True, slots=True)
class Change:
    """What is written together: new values of the document's fields, and the event that tells of them, where one does.

    `message`: to be added to the others, as {id, sealed}.
    """

    fields: dict[str, Any]
    event: Event | None
    message: dict[str, Any] | None = None


def take_back(told: Told, reason: WithdrawalReason, at: datetime) -> Change | None:
    """Withdraws the referral; None where that is done already."""
    if told.withdrawn:
        return None
    event = ReferralWithdrawn(data=WithdrawnData(reason=reason), **_head(told, at))
    return Change({"withdrawn": reason.value}, event)


def stop_contact(told: Told, at: datetime) -> Change | None:
    """From now on nobody contacts the reporter; None where that holds already.

    Also after it was taken back: a report about a child goes on, and somebody may be about to call.
    """
    if told.contact_unsafe:
        return None
    facts = told.facts.model_copy(update={"safe_contact": SafeContact.unsafe, "no_voicemail": True})
    return Change({"facts": facts.model_dump(mode="json")}, _supplemented(told, facts, Added.contact_unsafe, at))


def add_message(told: Told, message: dict[str, Any], added: Added | None, at: datetime) -> Change:
    """Adds an encrypted message. `added`: what the reporter did; None where it is the coordinator's, of whom no event tells."""
    if added is None:
        return Change({"messages_count": told.messages + 1}, None, message)
    fields = {"messages_count": told.messages + 1, "waiting": told.waiting or at}
    return Change(fields, _supplemented(told, told.facts, added, at), message)


def add_file(told: Told, at: datetime) -> Change:
    """Tells that a file was added: one change for each file."""
    return Change({"waiting": told.waiting or at}, _supplemented(told, told.facts, Added.file, at))


def _supplemented(told: Told, facts: Facts, added: Added, at: datetime) -> ReferralSupplemented:
    return ReferralSupplemented(data=SupplementedData(facts=facts, added=(added,)), **_head(told, at))


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
