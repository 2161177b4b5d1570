"""Gives parked events their effect after the cause was mended, or drops one knowingly."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from shared.delivery.errors import DeliveryError, Permanent, Reason
from shared.delivery.parking import ParkedEvent, ParkedKey, Parking
from shared.delivery.record import Apply, Stored


@dataclass(frozen=True, slots=True)
class Outcome:
    """What replay did with one event; `failed` is the reason where it is still parked."""

    key: bytes
    event: ParkedEvent
    failed: Reason | None


class Replay:
    """Works through the parked keys of one reader, each key's events in their order."""

    def __init__(self, parking: Parking, decode: Callable[[Stored], Any], apply: Apply) -> None:
        self._parking = parking
        self._decode = decode
        self._apply = apply

    async def run(self, key: bytes | None = None, *, dry_run: bool = False) -> AsyncIterator[Outcome]:
        """Replays every parked key, or one. A key stops at its first failure. `dry_run` decodes only and changes nothing."""
        for parked in await self._parking.all():
            if key is None or parked.key == key:
                async for outcome in self._run_key(parked, dry_run=dry_run):
                    yield outcome

    async def _run_key(self, parked: ParkedKey, *, dry_run: bool) -> AsyncIterator[Outcome]:
        """Goes round until a round applies nothing: an event that came too early finds its predecessor further down."""
        waiting, accept_gap, progress = list(parked.events), parked.gap_accepted, True
        while waiting and progress:
            progress = False
            for event in list(waiting):
                failed = await self._try(event, accept_gap=accept_gap, dry_run=dry_run)
                if failed is Reason.gap and event is not waiting[-1]:
                    continue
                yield Outcome(parked.key, event, failed)
                if failed is not None:
                    return
                if not dry_run:
                    await self._parking.release(parked.key, event)
                waiting.remove(event)
                accept_gap, progress = False, True

    async def _try(self, event: ParkedEvent, *, accept_gap: bool, dry_run: bool) -> Reason | None:
        try:
            decoded = self._decode(event)
            if not dry_run:
                await self._apply([decoded], accept_gap=accept_gap)
        except Permanent as error:
            return error.reason
        except DeliveryError:
            return Reason.retries_exhausted
        return None

    async def skip(self, key: bytes, why: str, *, dry_run: bool = False) -> tuple[ParkedEvent, int] | None:
        """Drops the first parked event of a key, accepts the gap it leaves, and says which it was and how many wait behind.

        None where the key is not parked. The record stays in the dead letter topic, and `why` with it in the parking log.
        """
        for parked in await self._parking.all():
            if parked.key == key and parked.events:
                if not dry_run:
                    await self._parking.note_skip(key, parked.events[0], why)
                    await self._parking.release(key, parked.events[0], gap_accepted=True)
                return parked.events[0], len(parked.events) - 1
        return None
