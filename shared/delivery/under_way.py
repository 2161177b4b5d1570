"""The batches of a reader between the broker and their commit, in the order they came. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.delivery.record import Record

Offsets = dict[tuple[str, int], int]
"""By topic and partition."""


@dataclass(eq=False, slots=True)
class Batch:
    """Some records. `done`: all of them have had their effect, or their place among the dead letters."""

    records: Sequence[Record]
    keys: frozenset[bytes] = field(init=False)
    done: bool = False

    def __post_init__(self) -> None:
        self.keys = frozenset([record.key for record in self.records if record.key])


class UnderWay:
    """What was taken from the broker and is not committed yet."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()

    def take(self, records: Sequence[Record]) -> Batch:
        """Adds a batch behind the others."""
        batch = Batch(records)
        self._batches.append(batch)
        return batch

    def is_next(self, batch: Batch) -> bool:
        """Whether no batch before it that is not done has one of its keys: else their order would not hold."""
        for other in self._batches:
            if other is batch:
                break
            if not other.done and not batch.keys.isdisjoint(other.keys):
                return False
        return True

    def leave(self) -> Offsets:
        """Lets go of the batches that are done, up to the first that is not; from where on to read after a restart."""
        offsets: Offsets = {}
        while self._batches and self._batches[0].done:
            offsets |= {(r.topic, r.partition): r.offset + 1 for r in self._batches.popleft().records}
        return offsets

    def give_up(self) -> Offsets:
        """Lets go of all, done or not; from where on they have to be read again."""
        offsets: Offsets = {}
        while self._batches:
            for record in self._batches.popleft().records:
                offsets.setdefault((record.topic, record.partition), record.offset)
        return offsets
