"""What a crash left undone about bundles: notices whose bundle has ended, and notices that should be in one and are not."""

import asyncio

import structlog

from services.notifications.keeping.bundle_store import BundleStore
from shared.delivery.errors import Unavailable
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE

log = structlog.get_logger(__name__)


class Unfolder:
    """Comes round every `every` seconds."""

    def __init__(self, bundles: BundleStore, every: float) -> None:
        self._bundles = bundles
        self._every = every

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                await self._bundles.unfold()
                if strays := await self._bundles.release_strays():
                    log.warning("strays_released", records=strays)
                LOOP_SUCCESS.labels("unfolder").set_to_current_time()
            except (Unavailable, *UNAVAILABLE) as error:
                log.warning("unfolding_waits", error=type(error).__name__)
            await asyncio.sleep(self._every)
