"""A file that was encrypted piece by piece is read back whole or not at all, whatever was done to its pieces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.attachments import chunks
from services.intake.attachments.chunks import CHUNK, Altered, Encryption, Part, Place, chunks_of, new_key, pieces

KEY = new_key()
HERE = Place(UUID(int=1), UUID(int=2), Part.original)
CONTENT = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6)


def closed(told: list[bytes], key: bytes = KEY, place: Place = HERE) -> list[bytes]:
    """The ciphertext of each piece."""
    encryption = Encryption(key, place)
    return [encryption.close(piece, last=number == len(told) - 1).stored for number, piece in enumerate(told)]


def opened(stored: list[bytes], key: bytes = KEY, place: Place = HERE) -> list[bytes]:
    """The pieces again, as a reader has them who knows only what is there."""
    encryption = Encryption(key, place)
    return [encryption.open(number, one, last=number == len(stored) - 1) for number, one in enumerate(stored)]


@given(CONTENT)
def test_what_was_closed_opens_again(told: list[bytes]) -> None:
    assert opened(closed(told)) == told


@given(CONTENT, st.data())
def test_whatever_is_flipped_cut_off_left_out_repeated_or_moved_is_noticed(told: list[bytes], data: st.DataObject) -> None:
    stored = closed(told)
    at = data.draw(st.integers(0, len(stored) - 1))
    other = data.draw(st.integers(0, len(stored) - 1))
    changed = list(stored)
    match data.draw(st.sampled_from(["flip", "cut", "leave out", "repeat", "swap", "shorten"])):
        case "flip":
            place = data.draw(st.integers(0, len(stored[at]) - 1))
            flipped = bytearray(stored[at])
            flipped[place] ^= data.draw(st.integers(1, 255))
            changed[at] = bytes(flipped)
        case "cut":
            del changed[max(1, at) :]
        case "leave out":
            assume(len(changed) > 1)
            del changed[at]
        case "repeat":
            changed.insert(other, stored[at])
        case "swap":
            changed[at], changed[other] = changed[other], changed[at]
        case "shorten":
            changed[at] = changed[at][: data.draw(st.integers(0, len(stored[at]) - 1))]
    assume(changed != stored)
    with pytest.raises(Altered):
        opened(changed)


@given(CONTENT)
def test_a_piece_of_another_referral_file_part_or_key_is_not_read(told: list[bytes]) -> None:
    stored = closed(told)
    for place in (
        replace(HERE, referral=UUID(int=9)),
        replace(HERE, attachment=UUID(int=9)),
        replace(HERE, part=Part.redrawn),
    ):
        with pytest.raises(Altered):
            opened(stored, place=place)
    with pytest.raises(Altered):
        opened(stored, key=new_key())


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 60))
def test_whatever_comes_is_cut_into_pieces_of_one_size_and_the_last_is_known(told: list[bytes], size: int) -> None:
    async def come() -> AsyncIterator[bytes]:
        for one in told:
            yield one

    async def cut() -> list[tuple[bytes, bool]]:
        return [one async for one in pieces(come())]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", size)
        found = asyncio.run(cut())
        assert len(found) == chunks_of(len(b"".join(told)))
    assert b"".join(piece for piece, _ in found) == b"".join(told)
    assert all(len(piece) == size for piece, last in found if not last)
    assert [last for _, last in found] == [False] * (len(found) - 1) + [True] * bool(found)


def test_a_file_of_ten_megabytes_is_forty_chunks() -> None:
    assert chunks_of(10 * 1024 * 1024) == 40
    assert chunks_of(CHUNK + 1) == 2
