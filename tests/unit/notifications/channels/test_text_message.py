"""Text messages: short, safe on a locked screen, and counted as the provider counts."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.channel import Letter
from services.notifications.channels.text_message import TextWriter, segments
from services.notifications.notices.notice import NoticeKind
from services.notifications.texts.links import Links
from shared.vocabulary import Urgency
from tests.unit.notifications.texts.test_message import LINKS, NOTICE, RECIPIENT, SENT, TEXTS


def text(kind: NoticeKind = NoticeKind.offered, language: str = "en", links: Links = LINKS) -> str:
    reach = RECIPIENT.model_copy(update={"language": language})
    return TextWriter(TEXTS, links).write(Letter(replace(NOTICE, kind=kind), reach, "+18605550100", SENT))


def test_a_text_message_is_one_line_with_what_is_asked_and_where() -> None:
    assert text(links=Links()) == (
        "[Critical] A referral waits for your answer (0a1b2c3d). Answer by 3:45 PM EST on Tuesday, November 24."
    )
    assert " Seen?: https://notices.example/acknowledge/" in text()


@pytest.mark.parametrize(("kind", "language"), list(product(NoticeKind, ["en", "es"])))
def test_without_links_every_text_message_fits_two_segments_and_one_line(kind: NoticeKind, language: str) -> None:
    said = text(kind, language, Links())
    assert "\n" not in said
    assert segments(said) <= 2


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("í" * 70, 1),
        ("í" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_gsm_says(said: str, count: int) -> None:
    assert segments(said) == count


@given(st.text(max_size=500), st.text(max_size=100))
def test_a_longer_message_never_has_fewer_segments(start: str, more: str) -> None:
    assert segments(start) <= segments(start + more)


def test_only_the_urgency_can_be_told_from_the_first_word() -> None:
    firsts = {text(kind, links=Links()).split("]")[0] for kind in NoticeKind}
    assert firsts == {"[Critical"}
    assert Urgency.terms()
