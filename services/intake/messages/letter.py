"""What a page on which something is added is about: sealed, it travels with the page. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.intake.pages.sealing import Wrapping
from services.intake.seal import Seal

LASTS = timedelta(hours=12)
"""How long one may write: as long as with the form."""
_NOBODY = UUID(int=0)


def letter_seal(seal: Seal) -> Wrapping:
    """Closes and opens letters."""
    return Wrapping(seal, "letter", LASTS)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message or a file to be. `id` is drawn with the page: however often it is sent, it is one.

    `question`: the one that is answered.
    """

    referral: UUID
    id: UUID
    question: UUID | None = None

    def pack(self) -> bytes:
        """As bytes."""
        return self.referral.bytes + self.id.bytes + (self.question or _NOBODY).bytes


def unpack(packed: bytes) -> Letter:
    """The letter again. ValueError."""
    referral, id_, question = (UUID(bytes=packed[at : at + 16]) for at in (0, 16, 32))
    return Letter(referral, id_, None if question == _NOBODY else question)
