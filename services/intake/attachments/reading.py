"""Reading files: permission as for details, an entry in the audit, and only then the first byte."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from services.intake.access.grants import ATTACHMENTS, ORIGINALS, OriginalPurpose, Purpose
from services.intake.access.permission import Permission, Permitted, Reader, Unseen
from services.intake.attachments.attachment import Attachment, field_of
from services.intake.attachments.cabinet import Cabinet
from services.intake.attachments.chunks import Part, Place
from services.intake.attachments.scanning import Scanning
from services.intake.attachments.store import AttachmentStore, State, Stored
from services.intake.audit.deed import Kind
from services.intake.vault.vault import Destroyed
from shared.crash import crash_point


class NotLetThrough(Exception):
    """The scanner has not seen the file yet, or found something in it: `state` says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state.name)
        self.state = state


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a list shows it. `stored`: when it came, and how far it is."""

    stored: Stored
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is about to be given out. `part`: which of its parts `content` is."""

    attachment: Attachment
    part: Part
    content: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class ReadAttachments:
    """The use cases behind the GETs of files. Crash point: intake_after_audit.

    All of them: Unseen; HeldBack; Destroyed or Unreadable by the vault; Unavailable.
    """

    permission: Permission
    store: AttachmentStore
    cabinet: Cabinet
    scanning: Scanning

    async def list(self, reader: Reader, referral: UUID, purpose: Purpose) -> list[Listed]:
        """All files of a referral; none, where the reader may have none."""
        permitted = await self.permission.ask(reader, referral, purpose)
        found = await self.store.of(referral) if ATTACHMENTS in permitted.fields else []
        names = tuple(field_of(one.id) for one in found)
        await self.permission.note(Kind.attachments_listed, reader, referral, purpose, names)
        _still_there(permitted)
        attachments = await self.cabinet.unseal(referral, *found) if found else []
        return [Listed(stored, attachment) for stored, attachment in zip(found, attachments, strict=True)]

    async def open(self, reader: Reader, referral: UUID, id_: UUID, purpose: Purpose | OriginalPurpose) -> Opened:
        """A file: as it came, where the purpose is one that needs it so; else the part for reading. NotLetThrough."""
        original = isinstance(purpose, OriginalPurpose)
        field, kind = (ORIGINALS, Kind.original_read) if original else (ATTACHMENTS, Kind.attachment_read)
        permitted = await self.permission.ask(reader, referral, purpose)
        stored = await self.store.one(referral, id_) if field in permitted.fields else None
        await self.permission.note(kind if stored else Kind.reading_refused, reader, referral, purpose, (field_of(id_),))
        crash_point("intake_after_audit")
        _still_there(permitted)
        if stored is None:
            raise Unseen
        if not self.scanning.lets_through(stored.state):
            raise NotLetThrough(stored.state)
        [attachment] = await self.cabinet.unseal(referral, stored)
        return await self._opened(referral, attachment, Part.original if original else attachment.reading)

    async def _opened(self, referral: UUID, attachment: Attachment, part: Part) -> Opened:
        """The first piece is decrypted before anything is answered."""
        content = self.cabinet.read(Place(referral, attachment.id, part), attachment.parts[part])
        return Opened(attachment, part, _again(await anext(content), content))


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _still_there(permitted: Permitted) -> None:
    if permitted.kept.destroyed:
        raise Destroyed
