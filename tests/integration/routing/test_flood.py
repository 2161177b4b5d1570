"""An agency that floods its outbox waits by itself: the others' answers take effect as ever, and nothing of it is lost."""

from __future__ import annotations

from shared.events.agency import AgencyAccepted
from shared.testing import builders
from shared.topics import inbox, outbox
from tests.integration.routing.conftest import World
from tests.integration.routing.test_agencies import status
from tests.unit.routing.cases import adult

FLOOD = 1_000


def at_pace(world: World, events_per_second: float) -> None:
    """How routing will take each agency's events when it is started next."""
    world.settings = world.settings.model_copy(update={"agency_events_per_second": events_per_second})


async def test_what_one_agency_floods_waits_and_another_agencys_answer_takes_effect_meanwhile(world: World) -> None:
    event = builders.received(**adult())
    at_pace(world, 1.0)
    async with world.running():
        await world.intake(event)
        await world.inbox("cca", 1)
        await world.write(outbox("dcf"), *[(b"flood", b"no event")] * FLOOD, user="dcf")
        await world.inbox("dcf", 200)
        await world.agency("cca", builders.answer(AgencyAccepted, "cca", event.subject))
        await world.until(event.subject, lambda stored: status(stored, "cca") == "accepted")
        answered = len(await world.read(inbox("dcf")))
    assert answered < FLOOD / 2, "it is taken at its own pace"
    at_pace(world, 10_000.0)
    async with world.running():
        await world.inbox("dcf", FLOOD)
