"""Which keys a reader holds back."""

from __future__ import annotations

from shared import mongo
from shared.clock import now
from shared.delivery.errors import Reason
from shared.delivery.parking import ParkedEvent, Parking


def event(key: bytes, offset: int = 0) -> ParkedEvent:
    return ParkedEvent("numbers", 0, offset, Reason.refused, key, b"{}")


def keys(first: int, last: int) -> list[bytes]:
    return [f"{number:05d}".encode() for number in range(first, last)]


async def park(parking: Parking, parked: list[bytes]) -> None:
    await parking.park([(event(key), Reason.refused) for key in parked])


async def test_a_reader_holds_back_its_own_parked_keys_and_no_others(database: mongo.Database) -> None:
    mine, another = (Parking(database["parked"], name, now) for name in ("adder", "adder-b"))
    await park(mine, keys(0, 3))
    await park(another, keys(3, 6))
    await mine.note_skip(b"00005", event(b"00005"), "superseded")
    assert await mine.parked(set(keys(1, 9))) == set(keys(1, 3))
    assert await another.parked(set(keys(1, 9))) == set(keys(3, 6))


async def test_a_parked_key_is_found_also_among_so_many_that_not_all_are_read(database: mongo.Database) -> None:
    parking = Parking(database["parked"], "adder", now)
    await park(parking, keys(0, 250))
    assert await parking.parked(set(keys(200, 300))) == set(keys(200, 250))
    assert await parking.parked(set(keys(300, 2000))) == set()
