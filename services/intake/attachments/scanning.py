"""Having files scanned: each when it comes, and those that had to wait, later. Without a scanner in the settings, none is."""

from uuid import UUID

from services.intake import metrics
from services.intake.attachments.attachment import Attachment
from services.intake.attachments.cabinet import Cabinet
from services.intake.attachments.scanner import Scanner, ScannerAway
from services.intake.attachments.store import AttachmentStore, State, Stored
from services.intake.vault.vault import Destroyed, Unreadable
from shared.delivery.errors import Unavailable


class Scanning:
    """`scanner`: None where there is none. Nothing that it has not seen is given out where there is one."""

    def __init__(self, store: AttachmentStore, cabinet: Cabinet, scanner: Scanner | None) -> None:
        self._store = store
        self._cabinet = cabinet
        self._scanner = scanner

    def lets_through(self, state: State) -> bool:
        """Whether a file in this state may be given out."""
        return state is State.clean or (state is State.waiting and self._scanner is None)

    async def judge(self, referral: UUID, attachment: Attachment) -> State:
        """What the scanner says, and keeps that; waiting, where it is away. Unreadable; Unavailable."""
        if self._scanner is None:
            return State.waiting
        try:
            state = State(await self._scanner.scan(self._cabinet.original(referral, attachment)))
        except ScannerAway:
            metrics.SCANS.labels("away").inc()
            return State.waiting
        metrics.SCANS.labels(state.value).inc()
        await self._store.judge(attachment.id, state)
        return state

    async def catch_up(self, most: int) -> None:
        """Has some of what waits scanned, the oldest first, until the scanner is away. Unavailable."""
        state, after = None, None
        for _ in range(most if self._scanner else 0):
            stored = await self._store.waiting(after)
            if stored is None or state is State.waiting:
                return
            after, state = stored.at, await self._catch_up_with(stored)

    async def longest_waiting(self) -> Stored | None:
        """The oldest of what no scanner has seen, where there is one. Unavailable."""
        return await self._store.waiting() if self._scanner else None

    async def _catch_up_with(self, stored: Stored) -> State | None:
        """None for one that cannot be read: it keeps no other waiting, and has an alert of its own."""
        try:
            [attachment] = await self._cabinet.unseal(stored.referral, stored)
            return await self.judge(stored.referral, attachment)
        except (Destroyed, Unreadable, Unavailable):
            return None
