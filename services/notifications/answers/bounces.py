"""Reads the mailbox to which mails bounce, a Maildir, and sees to what did not arrive."""

import asyncio
from pathlib import Path
from uuid import UUID

import structlog

from services.notifications.answers.bounce import bounced
from services.notifications.answers.lost import Lost
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)
_LONGEST = 1_000_000


class Bounces:
    """A bounce of ours is deleted once it is seen to: it names an address. Anything else is left, as read, for people."""

    def __init__(self, maildir: Path, lost: Lost, every: float) -> None:
        self._maildir = maildir
        self._lost = lost
        self._every = every

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                await self.look()
                LOOP_SUCCESS.labels("bounces").set_to_current_time()
            except (Unavailable, OSError, *UNAVAILABLE) as error:
                log.warning("bounces_wait", error=type(error).__name__)
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """All that is new."""
        for path in await asyncio.to_thread(self._new):
            message = await asyncio.to_thread(_read, path)
            if message is not None and await self._lost(message):
                path.unlink(missing_ok=True)
            else:
                path.replace(self._maildir / "cur" / f"{path.name}:2,S")

    def _new(self) -> list[Path]:
        return sorted(path for path in (self._maildir / "new").iterdir() if path.is_file())


def _read(path: Path) -> UUID | None:
    with path.open("rb") as file:
        return bounced(file.read(_LONGEST))
