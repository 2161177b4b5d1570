"""The messages of a referral, read from the vault and added to it."""

from dataclasses import dataclass
from uuid import UUID

from services.intake import metrics
from services.intake.messages.message import MOST, By, Message, content, field_of, is_whole, message
from services.intake.vault.vault import Destroyed, Unreadable, Vault
from services.intake.visits.store import VisitStore
from services.intake.visits.visit import Change, Told, add_message
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.outbox import Relay
from shared.vocabulary import Added

ATTEMPTS = 5


class TakenBack(Exception):
    """The reporter has taken the referral back: there is nobody to write to."""


class Full(Exception):
    """There are as many messages as a referral can have."""


class NoSuchReferral(Exception):
    """There is none with this id."""


class NoSuchQuestion(Exception):
    """The message that is answered is no question of this referral."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Reading and adding, for whoever may: the callers ask that."""

    store: VisitStore
    vault: Vault
    relay: Relay
    clock: Clock

    async def read(self, referral: UUID) -> list[Message]:
        """All, oldest first. NoSuchReferral, Destroyed, Unavailable; Unreadable where one was changed, moved or taken out."""
        stored = await self.store.messages(referral)
        if stored is None:
            raise NoSuchReferral
        if stored.destroyed:
            raise Destroyed
        fields = {field_of(id_): sealed for id_, sealed in stored.sealed.items()}
        opened = await self.vault.decrypt(str(referral), fields) if fields else {}
        messages = [message(id_, opened[field_of(id_)]) for id_ in stored.sealed]
        if not is_whole(messages) or len(messages) != stored.count:
            metrics.UNREADABLE.labels("ciphertext").inc()
            raise Unreadable
        return messages

    async def ask(self, referral: UUID, id_: UUID, text: str) -> Message:
        """The coordinator's question. With the same id again it is asked once. Unavailable, and what `read` raises.

        TakenBack, Full, Destroyed where nothing can be added.
        """
        return await self._add(referral, id_, By.coordinator, text)

    async def tell(self, referral: UUID, id_: UUID, text: str, answers: UUID | None = None) -> Message:
        """The reporter's words, or the answer to a question. With the same id again they are added once.

        They come with an event, which says that there are some. NoSuchQuestion, and the same as `ask`.
        """
        return await self._add(referral, id_, By.reporter, text, answers)

    async def _add(self, referral: UUID, id_: UUID, by: By, text: str, answers: UUID | None = None) -> Message:
        for _ in range(ATTEMPTS):
            told = await self.store.by_id(referral)
            if told is None:
                raise NoSuchReferral
            before = await self.read(referral)
            if known := next((one for one in before if one.id == id_), None):
                return known
            _check(told, before, answers)
            new = Message(id_, told.messages + 1, by, self.clock(), text, answers)
            if document := await self.store.save(told, await self._sealed(told, new)):
                self._count(document, by, answers)
                return new
        raise Unavailable("changed by somebody else meanwhile")

    async def _sealed(self, told: Told, new: Message) -> Change:
        referral = str(told.referral)
        await self.vault.make_key(referral)
        sealed = await self.vault.encrypt(referral, {field_of(new.id): content(new)})
        added = None if new.by is By.coordinator else Added.answer if new.answers else Added.words
        return add_message(told, {"id": str(new.id), "sealed": sealed[field_of(new.id)]}, added, new.at)

    def _count(self, document: dict[str, object], by: By, answers: UUID | None) -> None:
        if by is By.reporter:
            metrics.CHANGED.labels(Added.answer.value if answers else Added.words.value).inc()
            self.relay.hint(document)


def _check(told: Told, before: list[Message], answers: UUID | None) -> None:
    if told.destroyed:
        raise Destroyed
    if told.withdrawn:
        raise TakenBack
    if told.messages >= MOST:
        raise Full
    if answers and not any(one.id == answers and one.by is By.coordinator for one in before):
        raise NoSuchQuestion
