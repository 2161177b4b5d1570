"""A file's name leads nowhere and shows as what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.attachments.names import LONGEST, NAMELESS, checked
from services.intake.attachments.refusal import Refused, Why


@pytest.mark.parametrize("name", ["photo.jpg", "صورة\u200f.jpg", "照片.png", "👩‍👧.jpg", "a.b.c", "x" * LONGEST])
def test_names_of_every_language_are_kept(name: str) -> None:
    assert checked(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..", ".", "/etc/passwd", "C:\\Users\\a.jpg", "a\x00.jpg", "a\r\nb.jpg", "a\u202egpj.exe",
        "a\u2066b", "x" * (LONGEST + 1), "x" * 5000, "a\u2028b", "\ud800.jpg", "a\x7f",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_or_shows_as_another_is_not_taken(name: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(name)
    assert refused.value.why is Why.bad_name


def test_a_file_without_a_name_gets_one() -> None:
    assert checked("  ") == NAMELESS


@given(st.text(max_size=300))
def test_whatever_is_kept_can_be_checked_again_and_stays(name: str) -> None:
    try:
        kept = checked(name)
    except Refused:
        return
    assert checked(kept) == kept
    assert not set("/\\\0\r\n") & set(kept)
