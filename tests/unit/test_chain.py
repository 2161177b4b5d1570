"""Nothing in a chain can be changed unnoticed by somebody who does not know the secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.audit.deed import Deed, Kind
from services.intake.seal import Seal
from shared.chain import Entry, chained, faults

SEAL = Seal(b"only for tests, never for people 0123456789")
DEED = Deed(datetime(2026, 11, 25, tzinfo=UTC), Kind.details_read, "r1", "s1", "staff", "dcf", "contact", ("narrative",))


def digest(message: bytes) -> bytes:
    return SEAL.digest("audit", message)


def chain(length: int) -> list[Entry[Deed]]:
    entries: list[Entry[Deed]] = []
    for number in range(1, length + 1):
        deed = replace(DEED, at=DEED.at + timedelta(seconds=number), referral=f"r{number % 3}")
        entries.append(chained(deed, entries[-1] if entries else None, digest))
    return entries


@given(st.integers(0, 30))
def test_what_was_written_is_whole(length: int) -> None:
    entries = chain(length)
    head = (length, entries[-1].digest) if entries else None
    assert faults(entries, digest, head) == []


CHANGES = st.sampled_from(
    [
        ("at", DEED.at - timedelta(milliseconds=1)),
        ("kind", Kind.reading_refused),
        ("referral", "other"),
        ("subject", "other"),
        ("role", "supervisor"),
        ("agency", "cca"),
        ("purpose", "other"),
        ("fields", ()),
        ("fields", ("narrative", "place")),
    ]
)


@given(st.integers(1, 12), st.data(), CHANGES)
def test_a_changed_entry_is_found(length: int, data: st.DataObject, change: tuple[str, Any]) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 1))
    entries[at] = replace(entries[at], deed=replace(entries[at].deed, **{change[0]: change[1]}))
    assert [fault.number for fault in faults(entries, digest)] == [at + 1]


@given(st.integers(2, 12), st.data())
def test_a_missing_entry_is_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 2))
    del entries[at]
    assert faults(entries, digest)


@given(st.integers(1, 12), st.data())
def test_a_cut_off_end_is_found_by_the_head_that_was_noted(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    head = (length, entries[-1].digest)
    left = data.draw(st.integers(0, length - 1))
    assert [fault.number for fault in faults(entries[:left], digest, head)] == [length]


@given(st.integers(2, 12), st.data())
def test_another_order_is_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    shuffled = data.draw(st.permutations(entries))
    assume(shuffled != entries)
    assert faults(shuffled, digest)


@given(st.integers(2, 12), st.data())
def test_entries_that_change_places_with_their_numbers_are_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    one, other = data.draw(st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True))
    a, b = entries[one], entries[other]
    entries[one], entries[other] = replace(b, number=a.number), replace(a, number=b.number)
    assert faults(entries, digest)


@given(st.integers(1, 12), st.data())
def test_an_entry_put_in_is_found_also_where_its_digest_is_made_with_another_secret(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 1))
    strangers = Seal(b"another secret, as long as the first 012345")
    forged: list[Entry[Deed]] = []
    before = entries[at - 1] if at else None
    for entry in entries[at:]:
        deed = replace(entry.deed, subject="nobody")
        before = chained(deed, before, lambda message: strangers.digest("audit", message))
        forged.append(before)
    assert len(faults(entries[:at] + forged, digest)) == length - at
