"""Taking a file: a place for it, then piece by piece looked at and encrypted, and only then it is there."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

from services.intake import metrics
from services.intake.attachments.attachment import Attachment
from services.intake.attachments.cabinet import Cabinet
from services.intake.attachments.chunks import Part, Place
from services.intake.attachments.inspection import Inspection
from services.intake.attachments.limits import Limits
from services.intake.attachments.names import checked
from services.intake.attachments.redrawing import Redrawing
from services.intake.attachments.refusal import Refused, Why
from services.intake.attachments.scanning import Scanning
from services.intake.attachments.store import AttachmentStore, SameKey, State, Stored
from services.intake.seal import Seal
from services.intake.store import ReferralStore
from services.intake.usecases import KeyReused
from services.intake.vault.vault import Vault
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.errors import Unavailable

PATIENCE = 900.0
"""Seconds that a file may take to arrive: 10 MB over a poor mobile network take five minutes."""


class Closed(Exception):
    """There is no such referral, it was taken back, or its details are destroyed: it can have no files."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is safe with us. `state`: waiting, where no scanner has seen it yet."""

    attachment: Attachment
    state: State


@dataclass(frozen=True, slots=True)
class AddAttachment:
    """The use case behind every way in which a file comes. Crash points: attachment_half_way, attachment_before_complete,
    attachment_before_told."""

    referrals: ReferralStore
    vault: Vault
    store: AttachmentStore
    cabinet: Cabinet
    redrawing: Redrawing
    scanning: Scanning
    limits: Limits
    seal: Seal
    clock: Clock
    free: asyncio.Semaphore
    announce: Callable[[UUID], Awaitable[None]]

    async def __call__(self, referral: UUID, name: str, content: AsyncIterable[bytes], key: str | None = None) -> Taken:
        """Returns when the file is durable. Refused; Closed; KeyReused; Unavailable where it is not certain that it is.

        Who has to know is told, and once more where the same file is sent again: better twice than never.
        `name`: as the sender has it. `key`: an idempotency key; the same one with the same file gives the first answer again.
        """
        if self.free.locked():
            raise Unavailable("too many files at once")
        try:
            async with self.free, asyncio.timeout(PATIENCE):
                taken = await self._add(referral, name, content, key)
        except TimeoutError:
            raise Unavailable("the file came too slowly") from None
        with suppress(Unavailable):  # the file is safe; the loop tells of it then (tending.py)
            await self.tell(referral)
        return taken

    async def tell(self, referral: UUID) -> None:
        """Tells whoever has to know that the referral has files; whatever dies before that is done is made good by the loop."""
        crash_point("attachment_before_told")
        await self.announce(referral)
        await self.store.told(referral)

    async def _add(self, referral: UUID, name: str, content: AsyncIterable[bytes], key: str | None) -> Taken:
        try:
            name = checked(name)
            if not await self.referrals.is_open(str(referral)):
                raise Closed
            claimed = self.seal.digest("attachment-key", referral.bytes + key.encode()) if key else None
            if claimed and (earlier := await self.store.by_key(claimed)):
                return await self._again(earlier, content)
            taken = await self._take(referral, name, content, claimed)
        except Refused as refused:
            metrics.ATTACHMENTS_REFUSED.labels(refused.why.name).inc()
            raise
        metrics.ATTACHMENTS.labels(taken.attachment.kind.value).inc()
        return taken

    async def _take(self, referral: UUID, name: str, content: AsyncIterable[bytes], key: bytes | None) -> Taken:
        id_ = uuid4()
        await self.store.begin(referral, id_, self.clock(), self.limits.most_files)
        there = False
        try:
            await self.vault.make_key(str(referral))
            attachment = await self._written(referral, id_, name, content)
            crash_point("attachment_before_complete")
            there = await self._complete(referral, attachment, key)
            state = await self.scanning.judge(referral, attachment)
            if state is State.harmful:
                there = False
                raise Refused(Why.harmful)
            return Taken(attachment, state)
        finally:
            if not there:
                with suppress(Unavailable):  # then it is swept later
                    await self.store.discard(id_)

    async def _written(self, referral: UUID, id_: UUID, name: str, content: AsyncIterable[bytes]) -> Attachment:
        inspection, digest = Inspection(self.limits.kinds, self.limits.most_bytes), sha256()

        def look(piece: bytes) -> None:
            inspection.take(piece)
            digest.update(piece)
            crash_point("attachment_half_way")

        original = Place(referral, id_, Part.original)
        parts = {Part.original: await self.cabinet.write(original, content, look)}
        kind = inspection.end()
        attachment = Attachment(id_, name, kind, digest.digest(), parts)
        if kind.is_picture:
            async with self.redrawing.redrawn(kind, self.cabinet.original(referral, attachment)) as jpeg:
                parts[Part.redrawn] = await self.cabinet.write(Place(referral, id_, Part.redrawn), _at_once(jpeg))
        return attachment

    async def _complete(self, referral: UUID, attachment: Attachment, key: bytes | None) -> bool:
        sealed = await self.cabinet.seal(referral, attachment)
        try:
            there = await self.store.complete(attachment.id, sealed, key)
        except SameKey:
            raise Unavailable("another attempt with this key was quicker: the next one gets its answer") from None
        if not there:
            raise Closed
        return there

    async def _again(self, earlier: Stored, content: AsyncIterable[bytes]) -> Taken:
        [attachment] = await self.cabinet.unseal(earlier.referral, earlier)
        digest, left = sha256(), self.limits.most_bytes
        async for piece in content:
            left -= len(piece)
            if left < 0:
                raise KeyReused
            digest.update(piece)
        if digest.digest() != attachment.digest:
            raise KeyReused
        return Taken(attachment, earlier.state)


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content
