"""From the records of a batch to their effect: all together, or one by one where that fails."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import stamina
import structlog

from shared.delivery.errors import Permanent, Poison, Reason, Unavailable
from shared.delivery.record import Apply, Record, Stored
from shared.mongo import UNAVAILABLE

T = TypeVar("T")
log = structlog.get_logger(__name__)
_AWAY = (Unavailable, *UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Letter(Generic[T]):
    """A record and the event in it."""

    record: Record
    event: T

    @property
    def key(self) -> bytes:
        """The key that order is kept for."""
        return self.record.key or b""


@dataclass(slots=True)
class Dead:
    """A record that had no effect, and why."""

    record: Record
    reason: Reason


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the reader tries. Seconds."""

    attempts: int = 4
    first_wait: float = 0.1
    longest_wait: float = 2.0
    batch: float = 120.0
    """Far below Kafka's max.poll.interval (300 s): past it the member is thrown out and the batch repeats for ever."""
    unavailable_wait: float = 0.5


@dataclass(frozen=True)
class Effect(Generic[T]):
    """`decode` and `apply` of the reader `name`: see there."""

    name: str
    decode: Callable[[Stored], T]
    apply: Apply
    patience: Patience

    async def of(self, records: Iterable[Record], parked: set[bytes]) -> list[Dead]:
        """Gives all of them their effect, in order per key; the ones that have none, and why.

        What stands behind a `parked` key is held back, and so is what follows a record that cannot be read.
        """
        letters, dead = self._sort(records, parked)
        return dead + await self._apply_all(letters)

    def _sort(self, records: Iterable[Record], parked: set[bytes]) -> tuple[list[Letter[T]], list[Dead]]:
        blocked = set(parked)
        letters: list[Letter[T]] = []
        dead: list[Dead] = []
        for record in records:
            try:
                if record.key in blocked:
                    raise Poison(Reason.behind_parked)
                letters.append(Letter(record, self.decode(record)))
            except Poison as error:
                dead.append(Dead(record, error.reason))
                if record.key:
                    blocked.add(record.key)
        return letters, dead

    async def _apply_all(self, letters: list[Letter[T]]) -> list[Dead]:
        try:
            await self._apply(letters)
        except _AWAY:
            raise
        except Exception as error:
            log.info("batch_taken_apart", reader=self.name, error=type(error).__name__)
            return await self._apply_singly(letters)
        return []

    async def _apply_singly(self, letters: Iterable[Letter[T]]) -> list[Dead]:
        dead: list[Dead] = []
        failed: set[bytes] = set()
        for letter in letters:
            if letter.key in failed:
                dead.append(Dead(letter.record, Reason.behind_parked))
                continue
            reason = await self._apply_patiently(letter)
            if reason is not None:
                dead.append(Dead(letter.record, reason))
                failed.add(letter.key)
        return dead

    async def _apply_patiently(self, letter: Letter[T]) -> Reason | None:
        """Tries one event a few times, inside its key's order; the reason where it stays without effect."""
        p = self.patience
        try:
            async for attempt in stamina.retry_context(
                on=_may_help, attempts=p.attempts, wait_initial=p.first_wait, wait_max=p.longest_wait, timeout=None
            ):
                with attempt:
                    await self._apply([letter])
        except _AWAY:
            raise
        except Permanent as error:
            return error.reason
        except Exception as error:
            log.error("event_failed", reader=self.name, error=type(error).__name__, exc_info=error)
            return Reason.retries_exhausted
        return None

    async def _apply(self, letters: Sequence[Letter[T]]) -> None:
        if letters:
            await self.apply([letter.event for letter in letters])


def _may_help(error: Exception) -> bool:
    return not isinstance(error, (Permanent, *_AWAY))
