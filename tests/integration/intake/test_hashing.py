"""The slow hashes of receipt codes, in a real database: all are made, but not while those who send need the processor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from services.intake.receipts.hasher import AT_ONCE, RUSH, ReceiptHasher
from services.intake.receipts.proof import Proofs
from services.intake.receipts.store import ReceiptStore
from shared.mongo import Database

START = datetime(2026, 11, 25, 17, tzinfo=UTC)
GIVEN_OUT = AT_ONCE + 2


async def codes(database: Database) -> ReceiptStore:
    """So many codes given out at once, more than one round takes."""
    given = [{"_id": str(n), "receipt": {"find": b"%d" % n, "waits": b"code %d" % n, "since": START}} for n in range(GIVEN_OUT)]
    await database["referrals"].insert_many(given)
    return ReceiptStore(database["referrals"])


async def test_in_a_rush_one_is_hashed_a_round_and_afterwards_all_of_them(database: Database) -> None:
    store, now = await codes(database), START
    hasher = ReceiptHasher(store, lambda: now, rest=0)
    with ThreadPoolExecutor(1) as thread:
        assert await hasher.round(thread) == 1
        now += RUSH + timedelta(milliseconds=1)
        assert [await hasher.round(thread) for _ in range(3)] == [AT_ONCE, GIVEN_OUT - AT_ONCE - 1, 0]
    assert await store.waiting(1) == []
    last = await database["referrals"].find_one({"_id": str(GIVEN_OUT - 1)})
    assert last is not None
    assert await Proofs().holds(b"code %d" % (GIVEN_OUT - 1), last["receipt"])
