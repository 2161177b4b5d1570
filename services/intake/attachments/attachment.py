"""What there is to know of one file, as it is sealed into the vault, and what its place there is called. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.attachments.chunks import Part
from services.intake.attachments.kinds import Kind


@dataclass(frozen=True, slots=True)
class Written:
    """One part as it is stored: the key that it was encrypted with, and how many bytes it has without that."""

    key: bytes
    bytes: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is stored whole. `digest`: SHA-256 of it as it came.

    `parts`: the original; of a picture also one drawn anew.
    """

    id: UUID
    name: str
    kind: Kind
    digest: bytes
    parts: Mapping[Part, Written]

    @property
    def original(self) -> Written:
        """As it came."""
        return self.parts[Part.original]

    @property
    def reading(self) -> Part:
        """The part that is for reading."""
        return Part.redrawn if Part.redrawn in self.parts else Part.original

    def sealed(self) -> dict[str, Any]:
        """As the vault takes it."""
        parts = {str(part): {"key": written.key, "bytes": written.bytes} for part, written in self.parts.items()}
        return {"name": self.name, "kind": str(self.kind), "digest": self.digest, "parts": parts}


def field_of(attachment: UUID) -> str:
    """Under which name the vault has it."""
    return f"attachments.{attachment}"


def unsealed(attachment: UUID, told: Mapping[str, Any]) -> Attachment:
    """What `sealed` made."""
    parts = {Part(name): Written(bytes(part["key"]), part["bytes"]) for name, part in told["parts"].items()}
    return Attachment(attachment, told["name"], Kind(told["kind"]), bytes(told["digest"]), parts)
