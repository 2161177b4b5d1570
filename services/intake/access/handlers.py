"""The reader that follows who is assigned."""

from collections.abc import Awaitable, Callable

from services.intake.access.store import Standings
from services.intake.access.usecases import FollowAssignments
from shared.delivery.reader import Reader
from shared.delivery.subscription import keyed, subscribe
from shared.events.codec import Codec
from shared.events.routing import ActivityEvent
from shared.service import Service
from shared.topics import ACTIVITY

GROUP = "intake-access"
_PAUSE = 0.1  # seconds after each batch: what comes in a quiet moment is read at once, and a rush in a tenth of the batches
HeldBack = Callable[[str], Awaitable[bool]]
"""Whether an event about a referral waits because it, or one before it, could not be applied."""


def subscribe_access(service: Service, standings: Standings) -> HeldBack:
    """Intake takes referrals without it: only reading details needs it. The answer says which referrals it is not sure of."""
    reader: Reader[ActivityEvent] = subscribe(
        service.broker,
        service.settings,
        group=GROUP,
        topics=[ACTIVITY],
        decode=keyed(Codec(ActivityEvent)),
        apply=FollowAssignments(standings),
        parking=service.parking(GROUP),
        publisher=service.publisher,
        pause=_PAUSE,
    )
    service.reader(reader, essential=False)

    async def held_back(referral: str) -> bool:
        return reader.halted or bool(await reader.parking.parked([referral.encode()]))

    return held_back
