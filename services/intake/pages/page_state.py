"""What was typed so far, travelling sealed with the page, limited in time and size. Nothing is kept here."""

import json
import secrets
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.intake.pages.question import Answers, Way
from services.intake.pages.sealing import Unreadable, Wrapping
from services.intake.seal import Seal

LASTS = timedelta(hours=12)
"""From one page to the next: long enough for a night in which one is disturbed."""
LARGEST = 64 * 1024
"""Bytes of answers, as JSON."""

__all__ = ["LARGEST", "LASTS", "Envelope", "PageState", "TooLarge", "Unreadable", "begin"]


class TooLarge(Exception):
    """More was typed than a page can carry."""


@dataclass(frozen=True, slots=True)
class PageState:
    """`key`: the idempotency key of the referral that this will become: sending twice makes one.

    `begun`, `asked`: POSIX seconds; `asked` is when it was asked to wait before sending, 0 where it was not.
    """

    way: Way
    key: str
    begun: int
    answers: Answers = field(default_factory=dict, repr=False)
    changing: bool = False
    asked: int = 0

    def with_answers(self, more: Answers) -> "PageState":
        """The same with more answers."""
        return replace(self, answers=dict(self.answers) | dict(more))


def begin(way: Way, at: datetime) -> PageState:
    """An empty form."""
    return PageState(way, secrets.token_urlsafe(24), int(at.timestamp()))


class Envelope:
    """Closes and opens states."""

    def __init__(self, seal: Seal) -> None:
        self._wrapping = Wrapping(seal, "page-state", LASTS)

    def close(self, state: PageState, at: datetime) -> str:
        """The state as text for a form field. TooLarge."""
        told = {
            "w": state.way,
            "k": state.key,
            "b": state.begun,
            "c": state.changing,
            "q": state.asked,
            "a": dict(state.answers),
        }
        plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) > LARGEST:
            raise TooLarge
        return self._wrapping.close(zlib.compress(plain), at)

    def open(self, text: str, at: datetime) -> PageState:
        """The state. Unreadable."""
        told = json.loads(zlib.decompress(self._wrapping.open(text, at)))
        answers = {name: tuple(values) for name, values in told["a"].items()}
        return PageState(Way(told["w"]), told["k"], told["b"], answers, told["c"], told["q"])
