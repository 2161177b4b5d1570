"""Encrypts a file piece by piece, so that none is ever held whole, and nothing of it can be changed, moved or cut off. Pure.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015), under a key of each file's own: the nonce
is the chunk's number and whether it is the last one, and the referral, the file and the part are authenticated with it.
"""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 256 * 1024
"""Bytes of plain text in a chunk; only the last may have fewer."""


class Altered(Exception):
    """What is stored is not what was written at this place."""


class Part(StrEnum):
    """What is stored of a file: as it came, and for a picture the one drawn anew."""

    original = "original"
    redrawn = "redrawn"


@dataclass(frozen=True, slots=True)
class Place:
    """What chunks belong to."""

    referral: UUID
    attachment: UUID
    part: Part


@dataclass(frozen=True, slots=True)
class Chunk:
    """`stored`: the ciphertext and its tag."""

    number: int
    last: bool
    stored: bytes


def new_key() -> bytes:
    """A key for one part of one file: no other may be encrypted with it."""
    return AESGCM.generate_key(256)


def chunks_of(bytes_: int) -> int:
    """How many chunks so many bytes are."""
    return -(-bytes_ // CHUNK)


async def pieces(content: AsyncIterable[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    """Whatever comes, in pieces of one size, each with whether it is the last. Nothing, where nothing comes."""
    waiting = bytearray()
    async for some in content:
        waiting += some
        while len(waiting) > CHUNK:  # the last piece is known by its having none behind it
            yield bytes(waiting[:CHUNK]), False
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting), True


class Encryption:
    """Of one part of one file. Chunks are closed in their order, each once."""

    def __init__(self, key: bytes, place: Place) -> None:
        self._cipher = AESGCM(key)
        self._place = place
        self._next = 0

    def close(self, piece: bytes, *, last: bool) -> Chunk:
        """The next piece, encrypted."""
        number, self._next = self._next, self._next + 1
        stored = self._cipher.encrypt(_nonce(number, last), piece, _associated(self._place, number, last))
        return Chunk(number, last, stored)

    def open(self, number: int, stored: bytes, *, last: bool) -> bytes:
        """The piece again. Altered."""
        try:
            return self._cipher.decrypt(_nonce(number, last), stored, _associated(self._place, number, last))
        except InvalidTag:
            raise Altered from None


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _associated(place: Place, number: int, last: bool) -> bytes:
    return place.referral.bytes + place.attachment.bytes + place.part.encode() + _nonce(number, last)
