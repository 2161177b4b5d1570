"""A referral comes in, and each agency that has to act is offered it, once, whatever comes between."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from prometheus_client import REGISTRY

from shared.events.codec import encode
from shared.events.intake import ReferralReceived
from shared.events.routing import AssignmentOffered, AssignmentRevoked, AssignmentUpdated
from shared.testing import builders
from shared.topics import ACTIVITY, INTAKE
from tests.integration.routing.conftest import World, parked
from tests.unit.routing.cases import adult, child
from tests.unit.routing.rules.books import copy_of_config, with_rules
from tests.waiting import eventually


def names(events: list[object]) -> list[str]:
    return [type(event).__name__ for event in events]


def adults(count: int, first: int = 0) -> list[ReferralReceived]:
    return [builders.received(builders.referral_id(first + number), **adult()) for number in range(count)]


async def test_a_childs_referral_is_offered_to_police_child_protection_and_advocates(world: World) -> None:
    event = builders.received(**child(town_of_residence="windsor"))
    async with world.running():
        await world.intake(event)
        roles = {"dcf": "child_protection", "cca": "advocate", "hartford-pd": "lead", "windsor-pd": "support"}
        for agency, role in roles.items():
            (offer,) = await world.inbox(agency, 1)
            assert isinstance(offer, AssignmentOffered)
            assert (offer.subject, offer.data.role, offer.causationid) == (event.subject, role, event.id)
            assert offer.dataref == f"/api/v1/referrals/{event.subject}/details"
        await world.all_published()
    assert await world.read("agencies.manchester-pd.inbox") == []
    activity = await world.read(ACTIVITY)
    assert [one.sequence for one in activity] == list(range(1, len(activity) + 1))
    assert names(activity)[0] == "ReferralRouted"
    assert {one.data.agency for one in activity if isinstance(one, AssignmentOffered)} == roles.keys()


async def test_an_event_that_comes_again_changes_nothing(world: World) -> None:
    first, second = adults(2)
    async with world.running():
        await world.intake(first, first)
        await world.inbox("cca", 1)
        await world.intake(first, second)
        told = await world.inbox("cca", 2)
        await world.all_published()
    assert [one.subject for one in told] == [first.subject, second.subject]
    stored = await world.referral(first.subject)
    assert stored is not None
    assert stored["version"] == 1


async def test_a_supplement_tells_those_who_have_a_part_and_asks_those_now_needed(world: World) -> None:
    first = builders.received(**adult())
    async with world.running():
        await world.intake(first, builders.supplemented(**child()))
        (offer,) = await world.inbox("dcf", 1)
        assert isinstance(offer, AssignmentOffered)
        _, update = await world.inbox("cca", 2)
        assert isinstance(update, AssignmentUpdated)
        assert update.data.facts.minor == "yes"


async def test_an_agency_that_has_to_be_left_out_later_is_revoked_and_told_nothing_more(world: World) -> None:
    async with world.running():
        excluded = builders.supplemented(**adult(excluded_agencies=("hartford-pd",)))
        await world.intake(builders.received(**adult()), excluded)
        _, revoked = await world.inbox("hartford-pd", 2)
        assert isinstance(revoked, AssignmentRevoked)
        await world.intake(builders.supplemented(sequence=3, **adult(excluded_agencies=("hartford-pd",))))
        await world.inbox("cca", 3)
        await world.all_published()
        assert len(await world.inbox("hartford-pd", 2)) == 2


async def test_a_gap_parks_the_referral_alone_and_replay_catches_up_in_order(world: World) -> None:
    first, neighbour = adults(2)
    late = builders.supplemented(first.subject, 2, **child())
    async with world.running() as service:
        await world.intake(late, neighbour)
        await world.inbox("cca", 1)

        async def is_parked() -> bool:
            return [key.key for key in await parked(service)] == [str(first.subject).encode()]

        await eventually(is_parked)
        assert await world.referral(first.subject) is None
        await world.intake(first)

        async def both_wait() -> bool:
            return [len(key.events) for key in await parked(service)] == [2]

        await eventually(both_wait)
        assert await world.referral(first.subject) is None, "nothing of a parked referral is applied by the way"
        assert await world.command("replay") == 0
        (offer,) = await world.inbox("dcf", 1)
        assert await parked(service) == []
        await world.intake(builders.withdrawn(first.subject, 3))
        stored = await world.until(first.subject, lambda found: found["taken"] == 3)
    assert (offer.subject, stored["facts"]["minor"]) == (first.subject, "yes")


async def test_after_an_unreadable_first_event_was_given_up_the_next_is_routed_as_if_it_were_new(world: World) -> None:
    id_ = builders.referral_id(1)
    key = str(id_).encode()
    async with world.running() as service:
        await world.write(INTAKE, (key, b"{}"), (key, encode(builders.supplemented(id_, 2, **adult()))))

        async def both_wait() -> bool:
            return [len(one.events) for one in await parked(service)] == [2]

        await eventually(both_wait)
        assert await world.command("skip", str(id_), "routing", "--reason", "unreadable") == 0
        assert await world.command("replay", "--key", str(id_)) == 0
        (offer,) = await world.inbox("cca", 1)
    assert isinstance(offer, AssignmentOffered)
    assert offer.subject == id_


async def test_bytes_that_are_no_event_are_set_aside_and_their_neighbours_are_routed(world: World) -> None:
    good = adults(40)
    poison: list[tuple[bytes | None, bytes]] = [
        (b"k1", b"\xff\xfe not json"),
        (b"k2", b"{}"),
        (b"k3", encode(good[0])),
        (b"k4", encode(good[0]).replace(b"referral.received", b"referral.vanished")),
        (None, encode(good[0])),
        (b"k5", b" " * 300_000),
    ]
    records = [(str(event.subject).encode(), encode(event)) for event in good]
    for place, bad in enumerate(poison):
        records.insert(3 + 6 * place, bad)  # type: ignore[arg-type]
    async with world.running() as service:
        await world.write(INTAKE, *records)
        offers = await world.inbox("cca", len(good))
        await world.all_published()

        async def all_set_aside() -> bool:
            return sum(len(key.events) for key in await parked(service)) == len(poison)

        await eventually(all_set_aside)
    assert Counter(offer.subject for offer in offers) == Counter(event.subject for event in good)


async def test_a_changed_rule_decides_about_the_next_referral_without_a_restart(world: World, tmp_path: Path) -> None:
    copy_of_config(tmp_path)
    world.settings = world.settings.model_copy(update={"config_dir": tmp_path, "rules_every": 0.05})
    first, second = adults(2)
    async with world.running():
        await world.intake(first)
        await world.inbox("cca", 1)
        rules = with_rules(tmp_path, {"id": "more", "offer": [{"to": "windsor-pd", "role": "support"}]})

        looks: set[float] = set()

        async def looked_twice_and_once_more() -> bool:
            """The first look may have begun before the change; then two have to find the files alike."""
            looks.add(REGISTRY.get_sample_value("loop_last_success_timestamp_seconds", {"loop": "rules"}) or 0)
            return sum(look > changed for look in looks) >= 3

        changed = time.time()
        await eventually(looked_twice_and_once_more)
        await world.intake(second)
        (offer,) = await world.inbox("windsor-pd", 1)
        stored = await world.referral(second.subject)
    assert offer.subject == second.subject
    assert stored is not None
    assert stored["rules_version"] == rules.rules.version
