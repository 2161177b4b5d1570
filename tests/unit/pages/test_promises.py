"""What the form's pages promise in words: each promise has a test, and the page of promises names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.intake.pages.questions import questions
from shared.agencies import load_agencies
from shared.pages.catalogs import read
from shared.pages.languages import ENGLISH

PAGE = Path("docs/pages/promises.md")
SAID = {str(one.id) for one in read(Path("services/intake/pages/catalogs/messages.pot"), ENGLISH) if one.id}
PROMISES = re.findall(r"^\| “(.+?)” \| `(\S+?)::(\w+)` \|$", PAGE.read_text(), re.MULTILINE)
SOUNDS_LIKE_ONE = re.compile(
    r"^(We (do not|never) (keep|ask)|We keep nothing|We reach you only|No one will|Nothing is (lost|saved)|It is locked)"
    r"|Only those who"
)
PAPERS = ("immigra", "papers", "visa", "citizen", "passport", "criminal", "arrested")


@pytest.mark.parametrize(("sentence", "file", "test"), PROMISES, ids=[sentence[:30] for sentence, *_ in PROMISES])
def test_a_promise_is_on_a_page_and_has_a_test(sentence: str, file: str, test: str) -> None:
    assert sentence in SAID
    assert re.search(rf"def {test}\(", Path(file).read_text())


def test_every_sentence_that_sounds_like_a_promise_is_among_them() -> None:
    assert {sentence for sentence in SAID if SOUNDS_LIKE_ONE.search(sentence)} <= {sentence for sentence, *_ in PROMISES}
    assert len(PROMISES) > 8


def test_no_question_asks_for_papers() -> None:
    """Nor for a criminal history. That somebody's documents are withheld is a means of control, and no answer of theirs."""
    asked = [text for one in questions(load_agencies(Path("config"))) for text in (one.heading, *(f.label for f in one.fields))]
    assert len(asked) > 20
    assert [text for text in asked if any(word in text.lower() for word in PAPERS)] == []
