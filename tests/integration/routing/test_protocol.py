"""The protocol of agencies as its page promises it: every kind of event in every state has an effect or is rejected, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.clock import now
from shared.events.routing import AgencyEventRejected
from shared.testing import builders
from shared.topics import ACTIVITY, inbox
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import KINDS, adult
from tests.waiting import eventually

PAGE = Path("docs/agencies/protocol.md")
ROWS = {
    "accepted": "`accepted`",
    "declined": "`declined`",
    "progressed": "`progressed`",
    "reported": "`progressed`, a report to DCF",
    "service": "`service_recorded`",
    "justice": "`justice_recorded`",
    "thriving": "`thriving_recorded`",
    "assessed": "`victim_assessed`",
    "completed": "`completed`",
}
"""Where the page for agencies' engineers says what comes of each kind of event."""

STATES = {
    "nowhere": "no part",
    "not_asked": "no part",
    "offered": "offered",
    "accepted": "accepted",
    "in_progress": "in progress",
    "completed": "completed",
    "closed": "completed",
    "declined": "over",
    "expired": "over",
    "revoked": "over",
    "withdrawn": "over",
}
"""Every state of the agency's part, by the column in which the page has it."""


def promised() -> dict[tuple[str, str], str]:
    """What the page's table says: (row, column) to the answer."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    [columns] = [line for line in lines if line[:2] == ["event", "`data`"]]
    return {(row[0], column): cell.strip("`*") for row in lines for column, cell in zip(columns, row, strict=False)}


PATHS: dict[str, list[str]] = {
    "accepted": ["accepted"],
    "in_progress": ["accepted", "progressed"],
    "completed": ["accepted", "completed"],
    "closed": ["accepted", "completed"],
    "declined": ["declined"],
}
"""The advocates' own events that lead into a state."""

ASSIGNMENT = {"closed": "completed", "declined": "rerouted", "expired": "rerouted", "withdrawn": "revoked"}
"""What the assignment is called in a state, where it is not the state's own name."""


def cells() -> Iterator[tuple[str, str, UUID]]:
    """State, kind, and the referral on which this pair is tried."""
    pairs = [(state, kind) for state in STATES for kind in KINDS]
    for number, (state, kind) in enumerate(pairs):
        yield state, kind, builders.referral_id(number)


def referrals(*states: str) -> list[UUID]:
    return [id_ for state, _, id_ in cells() if state in states]


def sent(kind: str, agency: str, id_: UUID, number: int) -> Any:
    event, data = KINDS[kind]
    return builders.answer(event, agency, id_, number=number, **data)


async def into_their_states(world: World) -> None:
    """Brings every referral but those that expired into its state, by events alone."""
    consult = {"reporter": "service_provider", "release": "not_given"}
    await world.intake(*[builders.received(id_, **adult(**consult)) for id_ in referrals("not_asked")])
    others = referrals(*STATES.keys() - {"nowhere", "not_asked", "expired"})
    await world.intake(*[builders.received(id_, **adult()) for id_ in others])
    await world.inbox("cca", len(others) + len(referrals("expired")))
    for state, path in PATHS.items():
        events = [sent(kind, "cca", id_, step) for id_ in referrals(state) for step, kind in enumerate(path, 1)]
        await world.agency("cca", *events)
    for step, kind in enumerate(PATHS["closed"], 1):
        await world.agency("hartford-pd", *[sent(kind, "hartford-pd", id_, step) for id_ in referrals("closed")])
    excluding = adult(excluded_agencies=("cca",))
    await world.intake(*[builders.supplemented(id_, **excluding) for id_ in referrals("revoked")])
    await world.intake(*[builders.withdrawn(id_) for id_ in referrals("withdrawn")])
    for state, _, id_ in cells():
        if state != "nowhere":
            await world.until(id_, lambda stored, state=state: _is_in(state, stored))  # type: ignore[misc]


def _is_in(state: str, stored: dict[str, Any]) -> bool:
    statuses = {one["agency"]: one["status"] for one in stored["assignments"]}
    if state == "not_asked":
        return "cca" not in statuses
    return statuses["cca"] == ASSIGNMENT.get(state, state) and (state != "closed" or stored["status"] == "closed")


async def test_every_kind_of_event_in_every_state_has_its_effect_or_is_rejected_once_with_the_reason(world: World) -> None:
    later = timedelta()
    async with world.running(clock=lambda: now() + later):
        await world.intake(*[builders.received(id_, **adult()) for id_ in referrals("expired")])
        await world.inbox("cca", len(KINDS))
        later = timedelta(hours=25)
        await world.inbox("cca", 2 * len(KINDS))
        await into_their_states(world)
        tried = {sent(kind, "cca", id_, 9).id: (state, kind) for state, kind, id_ in cells()}
        await world.agency("cca", *[sent(kind, "cca", id_, 9) for _, kind, id_ in cells()])

        async def answers() -> list[tuple[str, str, str]] | None:
            """What is known so far, as (state, kind, answer). A rejection may be published twice, under one id."""
            effects = {one.causationid for one in await world.read(ACTIVITY)} & tried.keys()
            rejections = {one.id: one.data for one in await world.read(inbox("cca")) if isinstance(one, AgencyEventRejected)}
            given = [(*tried[data.event], data.reason.value) for data in rejections.values()]
            given += [(*tried[id_], "effect") for id_ in effects]
            return sorted(given) if len(given) >= len(tried) else None

        await eventually(answers)
        await world.all_published()
        given = await eventually(answers)
    page = promised()
    assert given == sorted((state, kind, page[ROWS[kind], STATES[state]]) for state, kind in tried.values())
