"""Everything that notifications keeps about notices, opened together."""

from dataclasses import dataclass
from typing import Self

from services.notifications.keeping.bundle_store import BundleStore
from services.notifications.keeping.drill_store import DrillStore
from services.notifications.keeping.escalation_store import EscalationStore
from services.notifications.keeping.ledger import Ledger
from services.notifications.keeping.standing_store import StandingStore
from services.notifications.store import NoticeStore
from shared.clock import Clock
from shared.mongo import Database


@dataclass(frozen=True, slots=True)
class Stores:
    """One for each noun, on one database."""

    notices: NoticeStore
    bundles: BundleStore
    escalations: EscalationStore
    standings: StandingStore
    ledger: Ledger
    drills: DrillStore

    @classmethod
    def on(cls, database: Database, instance: str, topic: str, clock: Clock) -> Self:
        """`instance`: who claims. `topic`: where it is told how a notice ended."""
        return cls(
            NoticeStore(database, instance, topic, clock),
            BundleStore(database, clock),
            EscalationStore(database, clock),
            StandingStore(database),
            Ledger(database),
            DrillStore(database),
        )

    async def ensure_indexes(self) -> None:
        """What all their queries look with."""
        await self.notices.ensure_indexes()
        await self.bundles.ensure_indexes()
        await self.escalations.ensure_indexes()
