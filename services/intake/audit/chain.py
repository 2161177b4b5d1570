"""The chain of audit entries: each carries a keyed digest over itself and over the digest before it. Pure.

Whoever can write the database cannot make a digest without the secret; so an entry that was changed, moved, left out or put
in is found. Cutting off the end is found by comparing with a head that was noted elsewhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

Digest = Callable[[bytes], bytes]
"""A keyed digest for audit entries alone."""

START = bytes(32)
"""What the first entry carries as the digest before it."""


class Kind(StrEnum):
    """What was done."""

    details_read = "details_read"
    reading_refused = "reading_refused"
    attachments_listed = "attachments_listed"
    attachment_read = "attachment_read"
    original_read = "original_read"
    duplicates_read = "duplicates_read"
    messages_read = "messages_read"
    question_asked = "question_asked"
    hold_set = "hold_set"
    hold_lifted = "hold_lifted"
    destroyed = "destroyed"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, or refused. No value of a person's details is ever part of it.

    `kind`: a term of Kind, or of a later version. `subject`: the issuer's id of who did it, or `operator` for a command on the
    host. `fields`: names of what was read.
    `purpose`: a term: what for; for a destruction, why.
    """

    at: datetime
    kind: str
    referral: str
    subject: str
    role: str
    agency: str
    purpose: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed with its place: `number` from 1 without gaps, `digest` over all of it and the entry before."""

    number: int
    deed: Deed
    digest: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the number expected there, and what is wrong."""

    number: int
    what: str


def chained(number: int, deed: Deed, before: bytes, digest: Digest) -> Entry:
    """The entry of a deed behind the one with the digest `before`."""
    return Entry(number, deed, digest(_message(number, deed, before)))


def _message(number: int, deed: Deed, before: bytes) -> bytes:
    told = [
        number, deed.at.isoformat(timespec="milliseconds"), str(deed.kind), deed.referral, deed.subject, deed.role, deed.agency,
        deed.purpose, list(deed.fields),
    ]  # fmt: skip
    return before + json.dumps(told, ensure_ascii=True).encode()


@dataclass(slots=True)
class Chain:
    """Checks a chain, entry by entry, so that it need not fit into memory.

    `head`: number and digest of an entry that has to be in it. `number` and `before`: of the last entry taken.
    """

    digest: Digest
    head: tuple[int, bytes] | None = None
    number: int = 0
    before: bytes = START
    broken: bool = False
    _seen: bool = False

    def take(self, entry: Entry) -> Iterator[Broken]:
        """What is wrong with the next entry."""
        if entry.number != self.number + 1:
            yield self._fault(self.number + 1, "an entry is missing or out of order")
        if not compare_digest(entry.digest, self.digest(_message(entry.number, entry.deed, self.before))):
            yield self._fault(entry.number, "the entry, or the one before it, is not what was written")
        self.number, self.before = entry.number, entry.digest
        self._seen = self._seen or (entry.number, entry.digest) == self.head

    def end(self) -> Iterator[Broken]:
        """What is wrong when there are no more."""
        if self.head is not None and not self._seen:
            yield self._fault(self.head[0], "the entry that was noted is gone: the end was cut off, or the chain replaced")

    def _fault(self, number: int, what: str) -> Broken:
        self.broken = True
        return Broken(number, what)


def faults(entries: Iterable[Entry], digest: Digest, head: tuple[int, bytes] | None = None) -> list[Broken]:
    """Everything that is wrong with a whole chain, in order."""
    chain = Chain(digest, head)
    return [fault for entry in entries for fault in chain.take(entry)] + list(chain.end())
