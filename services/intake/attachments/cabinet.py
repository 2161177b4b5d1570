"""Where files lie: encrypted on the way in, decrypted on the way out, never whole in memory."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from uuid import UUID

from services.intake import metrics
from services.intake.attachments.attachment import Attachment, Written, field_of, unsealed
from services.intake.attachments.chunks import Altered, Encryption, Part, Place, chunks_of, new_key, pieces
from services.intake.attachments.store import AttachmentStore, Stored
from services.intake.vault.vault import Unreadable, Vault


def _unseen(_: bytes) -> None:
    """Nobody looks at the pieces."""


class Cabinet:
    """Its methods: Unavailable; those that read: Destroyed and Unreadable, as the vault has them."""

    def __init__(self, store: AttachmentStore, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def write(self, place: Place, content: AsyncIterable[bytes], look: Callable[[bytes], None] = _unseen) -> Written:
        """Stores a part under a key of its own. `look` sees each piece before it is stored, and may refuse it."""
        key, bytes_ = new_key(), 0
        encryption = Encryption(key, place)
        async for piece, last in pieces(content):
            look(piece)
            bytes_ += len(piece)
            await self._store.put(place, encryption.close(piece, last=last))
        return Written(key, bytes_)

    async def read(self, place: Place, written: Written) -> AsyncIterator[bytes]:
        """The part again, piece by piece. Unreadable, at the first that is not what was written, or missing."""
        encryption, count, number = Encryption(written.key, place), chunks_of(written.bytes), 0
        async for stored in self._store.chunks(place):
            try:
                yield encryption.open(number, stored, last=number == count - 1)
            except Altered:
                raise _unreadable() from None
            number += 1
        if number != count:
            raise _unreadable()

    async def seal(self, referral: UUID, attachment: Attachment) -> bytes:
        """What there is to know of a file, as ciphertext. The referral has a key."""
        field = field_of(attachment.id)
        return (await self._vault.encrypt(str(referral), {field: attachment.sealed()}))[field]

    async def unseal(self, referral: UUID, *stored: Stored) -> list[Attachment]:
        """The same of several files of a referral, in their order."""
        found = await self._vault.decrypt(str(referral), {field_of(one.id): one.sealed for one in stored})
        return [unsealed(one.id, found[field_of(one.id)]) for one in stored]

    def original(self, referral: UUID, attachment: Attachment) -> AsyncIterator[bytes]:
        """A file as it came."""
        return self.read(Place(referral, attachment.id, Part.original), attachment.original)


def _unreadable() -> Unreadable:
    metrics.UNREADABLE.labels("ciphertext").inc()
    return Unreadable()
