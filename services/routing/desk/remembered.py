"""Commands that came before: with the same key of the same person the same answer, whatever has happened since. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid4, uuid5


class KeyReused(Exception):
    """The key came with another command before."""


class Sent(NamedTuple):
    """What came, as digests: `key` of the person and their key, `body` of the command's name and its bytes."""

    key: str
    body: str


def sent(subject: str, key: str | None, name: str, body: bytes) -> Sent | None:
    """What to remember; None where no key was given."""
    if key is None:
        return None
    return Sent(_digest(subject.encode(), key.encode()), _digest(name.encode(), body))


def order_id(referral: UUID, came: Sent | None) -> UUID:
    """The id of the order: with a key the same however often it comes."""
    return uuid5(referral, came.key) if came else uuid4()


def memory(came: Sent, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with the referral."""
    return {"key": came.key, "body": came.body, "answer": dict(answer)}


def answered(document: Mapping[str, Any], came: Sent | None) -> Mapping[str, Any] | None:
    """The answer it got before; None where it is new. KeyReused where the key stands for something else."""
    for one in document.get("answered", ()):
        if came and one["key"] == came.key:
            if one["body"] != came.body:
                raise KeyReused
            found: Mapping[str, Any] = one["answer"]
            return found
    return None


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
