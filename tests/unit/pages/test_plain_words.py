"""English that an eleven-year-old can read: a grade of 6 at most (Flesch and Kincaid, 1975)."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.sentences import FOLDERS, collected

HIGHEST = 6.0


def syllables(word: str) -> int:
    """About how many: groups of vowels, without a silent e at the end."""
    stem = re.sub(r"(?<=[^laeiouy])(es|ed|e)$", "", word.lower())
    return max(1, len(re.findall("[aeiouy]+", stem)))


def grade(text: str) -> float:
    """Years of school in the United States needed to read it."""
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def paragraphs(folder: Path) -> list[str]:
    """What is long enough to have a grade."""
    texts = [re.sub(r"%\(\w+\)s", "x", str(one.id)) for one in collected(folder) if one.id]
    return [text for text in texts if len(text.split()) >= 12]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_pages_are_in_plain_words(folder: Path) -> None:
    texts = [str(one.id).rstrip(".") + "." for one in collected(folder) if one.id]
    assert grade(" ".join(texts)) <= HIGHEST


@pytest.mark.parametrize("text", [text for folder in FOLDERS for text in paragraphs(folder)], ids=lambda text: text[:30])
def test_each_longer_text_is_in_plain_words(text: str) -> None:
    assert grade(text) <= HIGHEST + 2


def test_hard_words_are_found() -> None:
    easy, middling, hard = (
        "You can stop at any time.",
        "Other people must be told about a child who is in danger at home.",
        "Confidential information is disclosed exclusively to participating organizations.",
    )
    assert all(grade(first) < grade(second) for first, second in pairwise((easy, middling, hard)))
    assert grade(hard) > 12
