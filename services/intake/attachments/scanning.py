"""Having files scanned: each when it comes, and those that had to wait, later. Without a scanner in the settings, none is."""

from uuid import UUID

from services.intake import metrics
from services.intake.attachments.attachment import Attachment
from services.intake.attachments.cabinet import Cabinet
from services.intake.attachments.scanner import Scanner, ScannerAway
from services.intake.attachments.store import AttachmentStore, State, Stored
from services.intake.vault.vault import Destroyed, Unreadable


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

    async def catch_up(self) -> Stored | None:
        """Has all scanned that waits, the oldest first; the oldest of what still waits, as the scanner is away. Unavailable."""
        after = None
        while self._scanner and (stored := await self._store.waiting(after)):
            try:
                [attachment] = await self._cabinet.unseal(stored.referral, stored)
                if await self.judge(stored.referral, attachment) is State.waiting:
                    return stored
            except (Destroyed, Unreadable):
                after = stored.at  # told by its own alert; the others do not wait for it
        return None
