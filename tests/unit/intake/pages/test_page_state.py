"""What travels with a page is ours alone to read and to change, for a while, and not too large."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.pages.page_state import LASTS, Envelope, PageState, TooLarge, Unreadable, begin
from services.intake.pages.question import Way
from services.intake.seal import Seal

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ENVELOPE = Envelope(Seal(b"only for tests, never for people 0123456789"))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
answers = st.dictionaries(st.text("abc_", min_size=1), st.lists(texts, max_size=3).map(tuple), max_size=8)
states = st.builds(
    PageState, st.sampled_from(Way), st.text("abc123", min_size=16, max_size=40), st.integers(0, 2**31), answers, st.booleans()
)


@given(states, st.integers(0, int(LASTS.total_seconds())))
def test_what_was_closed_is_opened_unchanged_within_its_time(state: PageState, seconds: int) -> None:
    assert ENVELOPE.open(ENVELOPE.close(state, AT), AT + timedelta(seconds=seconds)) == state


@given(states, st.data())
def test_one_changed_bit_makes_it_unreadable(state: PageState, data: st.DataObject) -> None:
    closed = bytearray(base64.urlsafe_b64decode(ENVELOPE.close(state, AT)))
    at = data.draw(st.integers(0, len(closed) * 8 - 1))
    closed[at // 8] ^= 1 << at % 8
    with pytest.raises(Unreadable):
        ENVELOPE.open(base64.urlsafe_b64encode(closed).decode(), AT)


@given(st.text() | st.binary(max_size=400).map(lambda some: base64.urlsafe_b64encode(some).decode()))
def test_what_is_not_ours_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        ENVELOPE.open(text, AT)


@pytest.mark.parametrize(
    "later", [LASTS + timedelta(seconds=1), timedelta(days=1), timedelta(days=400), timedelta(seconds=-61)]
)
def test_it_is_readable_for_its_time_only(later: timedelta) -> None:
    with pytest.raises(Unreadable):
        ENVELOPE.open(ENVELOPE.close(begin(Way.full, AT), AT), AT + later)


def test_another_secret_opens_nothing() -> None:
    other = Envelope(Seal(b"another secret of tests, as long as ours"))
    with pytest.raises(Unreadable):
        other.open(ENVELOPE.close(begin(Way.full, AT), AT), AT)


def test_what_was_typed_cannot_be_read_from_it() -> None:
    state = begin(Way.full, AT).with_answers({"happening": ("Ana Example " * 20,)})
    closed = ENVELOPE.close(state, AT)
    assert b"Ana" not in base64.urlsafe_b64decode(closed)
    assert "Ana" not in repr(state)


def test_more_than_a_page_can_carry_is_refused() -> None:
    with pytest.raises(TooLarge):
        ENVELOPE.close(begin(Way.full, AT).with_answers({"happening": ("x" * 70_000,)}), AT)


def test_two_forms_never_share_an_idempotency_key() -> None:
    assert len({begin(Way.short, AT).key for _ in range(100)}) == 100
