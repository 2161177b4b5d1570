"""The messages as the coordinator's side has them: who may, written down first, then done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.intake.access.consents import consents
from services.intake.access.grants import MESSAGES, Grants, Purpose
from services.intake.access.permission import HeldBack, Reader, Unseen
from services.intake.access.store import Standings
from services.intake.audit.deed import Deed, Kind
from services.intake.audit.store import Audit
from services.intake.messages.exchange import Exchange
from services.intake.messages.message import Message
from services.intake.visits.visit import Told
from shared.clock import Clock
from shared.principal import Role

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class MessageDesk:
    """The coordinator may write to the reporter of any referral; an agency's supervisor while it is assigned to them.

    Staff read no messages. `held_back` as for the details.
    """

    exchange: Exchange
    standings: Standings
    grants: Grants
    audit: Audit
    clock: Clock
    held_back: Callable[[str], Awaitable[bool]]

    async def waiting(self) -> list[Told]:
        """Referrals whose reporter's words the coordinator has not read, the longest waiting first. Unavailable."""
        return await self.exchange.store.waiting(MOST_LISTED)

    async def read(self, reader: Reader, referral: UUID, purpose: Purpose) -> tuple[Told, list[Message]]:
        """Unseen; HeldBack; what Exchange.read raises. What the coordinator reads waits no more."""
        told = await self._allowed(reader, referral, purpose)
        await self._note(Kind.messages_read, reader, referral, purpose)
        messages = await self.exchange.read(referral)
        if reader.role is Role.coordinator and told.waiting:
            await self.exchange.store.looked_at(told)
        return told, messages

    async def ask(self, reader: Reader, referral: UUID, id_: UUID, text: str) -> Message:
        """Unseen; HeldBack; what Exchange.ask raises."""
        await self._allowed(reader, referral, Purpose.contact)
        await self._note(Kind.question_asked, reader, referral, Purpose.contact)
        return await self.exchange.ask(referral, id_, text)

    async def _allowed(self, reader: Reader, referral: UUID, purpose: Purpose) -> Told:
        told = await self.exchange.store.by_id(referral)
        if told is None:
            raise Unseen
        if reader.role is not Role.coordinator and await self.held_back(str(referral)):
            raise HeldBack
        if not await self._may(reader, told):
            await self._note(Kind.reading_refused, reader, referral, purpose)
            raise Unseen
        return told

    async def _may(self, reader: Reader, told: Told) -> bool:
        if reader.agency in told.facts.excluded_agencies:
            return False
        if MESSAGES not in self.grants.fields(reader.role, reader.kind, consents(told.facts)):
            return False
        standing = (await self.standings.load([str(told.referral)]))[str(told.referral)]
        return reader.role is Role.coordinator or self.grants.open_to(reader.agency, standing)

    async def _note(self, kind: Kind, reader: Reader, referral: UUID, purpose: Purpose) -> None:
        fields = () if kind is Kind.reading_refused else (MESSAGES,)
        deed = Deed(self.clock(), kind, str(referral), reader.subject, reader.role, reader.agency, purpose, fields)
        await self.audit.append(deed)
