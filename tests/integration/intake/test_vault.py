"""The vault on a real database: what is stored is ciphertext, bound to its referral and field, and a destroyed key is final."""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deploy.embedded.service import ensure_keyring
from services.intake.vault.keyring import Keyring, read_keyring
from services.intake.vault.stock import FULL, KeyStock
from services.intake.vault.vault import Destroyed, KeyGone, Unreadable, Vault
from shared import mongo
from shared.delivery.errors import Unavailable
from tests.integration.intake.key_service import key_service
from tests.waiting import eventually

FIELDS = {"narrative": "she told us", "victim.names": ["Ana Example", "A."], "victim.birth_date": "2012-02-29"}


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return read_keyring(ensure_keyring(tmp_path / "keyring"))


async def opened(database: mongo.Database, keyring: Keyring) -> Vault:
    """A vault as a process that has just started has it: it remembers no key."""
    vault = Vault(database.client, database, keyring)
    await vault.prepare()
    return vault


@pytest.fixture
async def vault(database: mongo.Database, keyring: Keyring) -> Vault:
    return await opened(database, keyring)


async def kept(vault: Vault, referral: str, fields: dict[str, Any]) -> dict[str, bytes]:
    await vault.make_key(referral)
    return await vault.encrypt(referral, fields)


async def test_what_was_encrypted_can_be_read_and_shows_nothing_before(vault: Vault) -> None:
    stored = await kept(vault, "r1", FIELDS)
    assert await vault.decrypt("r1", stored) == FIELDS
    assert b"Ana" not in b"".join(stored.values())
    assert (await kept(vault, "r1", FIELDS))["narrative"] != stored["narrative"], "the same text never looks the same"


async def test_a_field_of_another_referral_or_another_field_is_not_read(vault: Vault) -> None:
    mine, others = await kept(vault, "r1", FIELDS), await kept(vault, "r2", FIELDS)
    for referral, fields in (
        ("r1", {"narrative": others["narrative"]}),
        ("r2", {"narrative": mine["narrative"]}),
        ("r1", {"narrative": mine["victim.names"]}),
    ):
        with pytest.raises(Unreadable):
            await vault.decrypt(referral, fields)


PLACE = st.integers(0, 10_000)
CHANGES = st.one_of(
    st.tuples(st.just("flip"), PLACE, st.integers(1, 255)),
    st.tuples(st.just("swap"), PLACE, PLACE),
    st.tuples(st.just("cut"), PLACE, st.just(0)),
    st.tuples(st.just("lengthen"), PLACE, st.integers(0, 255)),
)


def changed(stored: bytes, change: tuple[str, int, int]) -> bytes:
    """The ciphertext after one change; places count round and round."""
    how, place, with_ = change
    at, other, found = place % len(stored), with_ % len(stored), bytearray(stored)
    if how == "flip":
        found[at] ^= with_
    elif how == "swap":
        found[at], found[other] = found[other], found[at]
    elif how == "cut":
        del found[at:]
    else:
        found.insert(at, with_)
    return bytes(found)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=CHANGES)
async def test_whatever_is_changed_in_a_ciphertext_it_is_not_read(vault: Vault, change: tuple[str, int, int]) -> None:
    stored = (await kept(vault, "r1", FIELDS))["narrative"]
    other = changed(stored, change)
    assume(other != bytes(stored))
    with pytest.raises(Unreadable):
        await vault.decrypt("r1", {"narrative": other})


async def test_a_destroyed_key_makes_its_referral_unreadable_live_and_after_a_restore(
    vault: Vault, database: mongo.Database, keyring: Keyring
) -> None:
    gone, stays = await kept(vault, "r1", FIELDS), await kept(vault, "r2", FIELDS)
    await database["details"].insert_one({"_id": "r1", "fields": gone})
    backup = await database["details"].find_one({"_id": "r1"})
    assert backup is not None
    assert await vault.destroy("r1")
    assert not await vault.destroy("r1"), "there is nothing left to destroy"
    with pytest.raises(Destroyed):
        await vault.decrypt("r1", gone)
    await database["details"].delete_one({"_id": "r1"})
    await database["details"].insert_one(backup)
    restored = await opened(database, keyring)
    with pytest.raises(Destroyed):
        await restored.decrypt("r1", backup["fields"])
    await restored.make_key("r1")
    with pytest.raises(Unreadable):
        await restored.decrypt("r1", backup["fields"])
    assert await vault.decrypt("r2", stays) == FIELDS


def rotated(keyring: Keyring) -> Keyring:
    """The keyring with a new master key in use."""
    new = {"local:second": {"key": b64encode(secrets.token_bytes(96)).decode()}}
    return Keyring(current="local:second", providers=keyring.providers | new)


async def test_the_master_key_is_changed_while_details_are_written_and_read_and_nothing_is_lost(
    vault: Vault, database: mongo.Database, keyring: Keyring
) -> None:
    both = rotated(keyring)
    stored = {f"r{number}": await kept(vault, f"r{number}", FIELDS) for number in range(30)}
    new = await opened(database, both)

    async def traffic() -> None:
        for number in range(30, 60):
            name = f"r{number}"
            stored[name] = await kept(new if number % 2 else vault, name, FIELDS)
            assert await new.decrypt(f"r{number - 30}", stored[f"r{number - 30}"]) == FIELDS

    await asyncio.gather(traffic(), counted(new))
    left = (await new.wrapped_by()).get("local:first", 0)
    assert await counted(new) == left, "it goes on with what an instance with the old file has wrapped since"
    assert await new.wrapped_by() == {"local:second": 60}
    only = await opened(database, Keyring(current="local:second", providers={"local:second": both.providers["local:second"]}))
    for name, fields in stored.items():
        assert await only.decrypt(name, fields) == FIELDS


async def counted(vault: Vault) -> int:
    """How many keys a rewrap wrapped anew, in small steps."""
    return sum([done async for done in vault.rewrap(at_once=7)])


async def test_without_the_master_key_nothing_can_be_read(vault: Vault, database: mongo.Database, keyring: Keyring) -> None:
    stored = await kept(vault, "r1", FIELDS)
    new = rotated(keyring)
    stranger = await opened(database, new.model_copy(update={"providers": {"local:second": new.providers["local:second"]}}))
    with pytest.raises(Unavailable):
        await stranger.decrypt("r1", stored)


async def test_a_referral_has_one_key_however_often_one_is_made(vault: Vault) -> None:
    await asyncio.gather(*[vault.make_key("r1") for _ in range(10)])
    assert await vault.wrapped_by() == {"local:first": 1}


async def test_a_key_made_ahead_is_deleted_unless_a_referral_claims_it_in_the_transaction_that_stores_it(
    vault: Vault, database: mongo.Database, keyring: Keyring
) -> None:
    await vault.make_spare(["r1", "r2"])
    stored = await vault.encrypt("r1", FIELDS)
    async with await database.client.start_session() as session, session.start_transaction():
        await vault.claim(["r1"], session)
    assert await vault.delete_spare(datetime.now(UTC) - timedelta(hours=1)) == 0, "it may still be needed"
    assert await vault.delete_spare(datetime.now(UTC) + timedelta(hours=1)) == 1
    other = await opened(database, keyring)
    assert await other.decrypt("r1", stored) == FIELDS
    async with await database.client.start_session() as session, session.start_transaction():
        with pytest.raises(KeyGone):
            await vault.claim(["r2"], session)
        await session.abort_transaction()


async def test_keys_are_kept_in_stock_and_given_away_once(vault: Vault, database: mongo.Database) -> None:
    time = datetime.now(UTC)
    stock = KeyStock(vault, lambda: time)
    assert not stock.take().has_key, "nobody waits for the stock"
    filling = asyncio.create_task(stock.run())

    async def full() -> bool:
        return stock.full

    await eventually(full, within=60)
    taken = [stock.take() for _ in range(FULL)]
    assert all(one.has_key for one in taken)
    assert len({one.referral for one in taken}) == FULL
    assert (await vault.wrapped_by())["local:first"] >= FULL, "each with a key that is stored"
    await eventually(full, within=60)
    time += timedelta(hours=13)
    assert not stock.take().has_key, "one that others may delete soon is not used"
    filling.cancel()


async def test_a_key_service_takes_the_place_of_a_local_key_and_the_other_way_round(
    vault: Vault, database: mongo.Database, keyring: Keyring, tmp_path: Path
) -> None:
    stored = await kept(vault, "r1", FIELDS)
    with key_service(tmp_path) as (service, written):
        both = Keyring.model_validate(written | {"providers": written["providers"] | keyring.providers})
        moved = await opened(database, both)
        new = await kept(moved, "r2", FIELDS)
        assert await counted(moved) == 1
        assert await moved.wrapped_by() == {"aws:test": 2}
        alone = await opened(database, Keyring.model_validate(written))
        assert await alone.decrypt("r1", stored) == await alone.decrypt("r2", new) == FIELDS
        assert {"Encrypt", "Decrypt"} == set(service.asked)
        service.down = True
        forgetful = await opened(database, Keyring.model_validate(written))
        with pytest.raises(Unavailable):
            await forgetful.decrypt("r1", stored)
        with pytest.raises(Unavailable):
            await forgetful.make_key("r3")
        service.down = False
        assert await forgetful.decrypt("r1", stored) == FIELDS
