"""The way of every change: load, decide, save over the version that was decided on, publish.

Where another instance was quicker, the referral is loaded and decided again. Events are published after the write; what
a crash leaves unpublished goes out with the next batch that touches the referral, or by the sweeper.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from services.routing import metrics
from services.routing.desk.rules_in_force import RulesInForce
from services.routing.keeping.fold import Fold
from services.routing.keeping.journal import Journal
from services.routing.rules.book import RuleBook
from services.routing.store import Referrals
from shared.clock import Clock
from shared.delivery.errors import Transient
from shared.outbox import Relay

W = TypeVar("W")
_ROUNDS = 5
"""How often a referral is decided on anew because another instance was quicker, before the reader is told to wait."""


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Desk:
    """What every use case works with."""

    referrals: Referrals
    relay: Relay
    journal: Journal
    rules: RulesInForce
    clock: Clock

    @property
    def book(self) -> RuleBook:
        """The rules that decide now."""
        return self.rules.book

    async def work(
        self,
        work: Mapping[UUID, W],
        decide: Callable[[Fold, W, datetime], None],
        before_write: Callable[[], Awaitable[None]] = _nothing,
        first: Set[UUID] = frozenset(),
    ) -> list[Fold]:
        """Decides on every referral, saves and publishes. Returns what was decided, for counting.

        `before_write` runs between deciding and saving, in every round. `first`: those that are most likely not stored yet.
        They are decided on without looking; where one is stored all the same its write fails, and the next round looks.
        """
        finished: list[Fold] = []
        for _ in range(_ROUNDS):
            folds = await self._load(work, first)
            at = self.clock()
            for id_, fold in folds.items():
                decide(fold, work[id_], at)
            await before_write()
            conflicts = await self.write(folds)
            finished += [fold for id_, fold in folds.items() if id_ not in conflicts]
            work, first = {id_: work[id_] for id_ in conflicts}, frozenset()
            if not work:
                return finished
        raise Transient("another instance writes the same referrals")

    async def _load(self, ids: Iterable[UUID], first: Set[UUID]) -> dict[UUID, Fold]:
        ids = list(ids)
        stored = [id_ for id_ in ids if id_ not in first]
        documents = await self.referrals.load(stored) if stored else {}
        return {id_: Fold(documents.get(id_), self.journal) for id_ in ids}

    async def write(self, folds: Mapping[UUID, Fold]) -> set[UUID]:
        """Saves what changed and publishes it, with what was pending before. The ids that another instance had changed."""
        changes = [change for fold in folds.values() if (change := fold.change())]
        stamp = uuid4()
        conflicts = await self.referrals.save(changes, stamp)
        metrics.WRITE_CONFLICTS.inc(len(conflicts))
        written = [change.published(stamp) for change in changes if change.referral.id not in conflicts]
        unchanged = [fold.pending for fold in folds.values() if fold.pending and fold.change() is None]
        await self.relay.publish([*unchanged, *written])
        return conflicts
