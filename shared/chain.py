"""A chain of entries: each carries a keyed digest over itself and over the digest before it. Pure.

Whoever can write the database cannot make a digest without the secret; so an entry that was changed, moved, left out or put
in is found. Cutting off the end is found by comparing with a head that was noted elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final, Generic, Protocol, TypeVar

Digest = Callable[[bytes], bytes]
"""A keyed digest for the entries of one chain alone."""

START: Final = bytes(32)
"""What the first entry carries as the digest before it."""


class Deed(Protocol):
    """Something that was done."""

    def message(self, number: int) -> bytes:
        """All of it and its number, as bytes. For a deed that is stored they must stay the same for ever."""


D = TypeVar("D", bound=Deed)


@dataclass(frozen=True, slots=True)
class Entry(Generic[D]):
    """A deed with its place: `number` from 1 without gaps, `digest` over all of it and the entry before."""

    number: int
    deed: D
    digest: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the number expected there, and what is wrong."""

    number: int
    what: str


def chained(deed: D, newest: Entry[D] | None, digest: Digest) -> Entry[D]:
    """The entry of a deed behind the newest one."""
    number, before = (newest.number + 1, newest.digest) if newest else (1, START)
    return Entry(number, deed, digest(before + deed.message(number)))


@dataclass(slots=True)
class Chain(Generic[D]):
    """Checks a chain, entry by entry, so that it need not fit into memory.

    `head`: number and digest of an entry that has to be in it. `number` and `before`: of the last entry taken.
    """

    digest: Digest
    head: tuple[int, bytes] | None = None
    number: int = 0
    before: bytes = START
    broken: bool = False
    _seen: bool = False

    def take(self, entry: Entry[D]) -> Iterator[Broken]:
        """What is wrong with the next entry."""
        if entry.number != self.number + 1:
            yield self._fault(self.number + 1, "an entry is missing or out of order")
        if not compare_digest(entry.digest, self.digest(self.before + entry.deed.message(entry.number))):
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


def faults(entries: Iterable[Entry[D]], digest: Digest, head: tuple[int, bytes] | None = None) -> list[Broken]:
    """Everything that is wrong with a whole chain, in order."""
    chain = Chain[D](digest, head)
    return [fault for entry in entries for fault in chain.take(entry)] + list(chain.end())
