"""Coming back: find by code; then load, decide, save."""

from collections.abc import Callable
from uuid import UUID

from services.intake import metrics
from services.intake.receipts.code import finding, proving
from services.intake.receipts.proof import Proofs
from services.intake.seal import Seal
from services.intake.visits.store import VisitStore
from services.intake.visits.visit import Change, Told, add_file, stop_contact, take_back
from shared.clock import Clock
from shared.delivery.errors import Unavailable
from shared.outbox import Relay
from shared.vocabulary import Added, WithdrawalReason

ATTEMPTS = 3


class ComeBack:
    """What the reporter of a referral can do with its receipt code."""

    def __init__(self, store: VisitStore, relay: Relay, seal: Seal, clock: Clock) -> None:
        self._proofs = Proofs()
        self._store = store
        self._relay = relay
        self._seal = seal
        self._clock = clock

    async def find(self, code: str) -> Told | None:
        """The referral of a code. Every wrong one costs one look-up and one hash: time tells none from another. Unavailable."""
        found = await self._store.receipt(finding(self._seal, code))
        if not await self._proofs.holds(proving(self._seal, code), found[1] if found else None) or found is None:
            return None
        return await self._store.by_id(found[0])

    async def see(self, referral: UUID) -> Told | None:
        """The referral that was found before. Unavailable."""
        return await self._store.by_id(referral)

    async def take_back(self, referral: UUID, reason: WithdrawalReason) -> None:
        """Withdraws it. Doing so again has no effect. Unavailable."""
        await self._change("withdrawn", referral, lambda told: take_back(told, reason, self._clock()))

    async def stop_contact(self, referral: UUID) -> None:
        """Lets nobody contact the reporter any more. Doing so again has no effect. Unavailable."""
        await self._change(Added.contact_unsafe, referral, lambda told: stop_contact(told, self._clock()))

    async def file_added(self, referral: UUID) -> None:
        """Tells those who have to know that a file was added to it, whoever added it. Unavailable."""
        await self._change(Added.file, referral, lambda told: add_file(told, self._clock()))

    async def _change(self, what: str, referral: UUID, decide: Callable[[Told], Change | None]) -> None:
        for _ in range(ATTEMPTS):
            told = await self._store.by_id(referral)
            change = decide(told) if told else None
            if told is None or change is None:
                return
            if document := await self._store.save(told, change):
                metrics.CHANGED.labels(what).inc()
                self._relay.hint(document)
                return
        raise Unavailable("changed by somebody else meanwhile")
