"""What was typed so far, travelling with the page: encrypted, authenticated, limited in time and size. Nothing is kept here.

AES-256-GCM (NIST SP 800-38D) under a key of the day; the keys follow from this service's secret by HKDF (RFC 5869).
"""

import base64
import binascii
import json
import secrets
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.pages.question import Answers, Way
from services.intake.seal import Seal

VERSION = 1
LASTS = timedelta(hours=12)
"""From one page to the next: long enough for a night in which one is disturbed."""
LARGEST = 64 * 1024
"""Bytes of answers, as JSON."""
_NONCE = 12


class Unreadable(Exception):
    """Not a state of ours, changed on the way, or too old."""


class TooLarge(Exception):
    """More was typed than a page can carry."""


@dataclass(frozen=True, slots=True)
class PageState:
    """`key`: the idempotency key of the referral that this will become: sending twice makes one. `begun`: POSIX seconds."""

    way: Way
    key: str
    begun: int
    answers: Answers = field(default_factory=dict, repr=False)
    changing: bool = False

    def with_answers(self, more: Answers) -> "PageState":
        """The same with more answers."""
        return replace(self, answers=dict(self.answers) | dict(more))


def begin(way: Way, at: datetime) -> PageState:
    """An empty form."""
    return PageState(way, secrets.token_urlsafe(24), int(at.timestamp()))


class Envelope:
    """Closes and opens states. A key serves for one day (UTC) and is accepted as long as a page lasts."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def close(self, state: PageState, at: datetime) -> str:
        """The state as text for a form field. TooLarge."""
        told = {"w": state.way, "k": state.key, "b": state.begun, "c": state.changing, "a": dict(state.answers)}
        plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) > LARGEST:
            raise TooLarge
        head = _head(at)
        nonce = secrets.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(head + nonce + self._cipher(head).encrypt(nonce, zlib.compress(plain), head)).decode()

    def open(self, text: str, at: datetime) -> PageState:
        """The state. Unreadable."""
        try:
            closed = base64.b64decode(text, altchars=b"-_", validate=True)
            head, nonce, sealed = closed[:5], closed[5 : 5 + _NONCE], closed[5 + _NONCE :]
            _check_age(head, at)
            told = json.loads(zlib.decompress(self._cipher(head).decrypt(nonce, sealed, head)))
        except (binascii.Error, ValueError, InvalidTag):
            raise Unreadable from None
        answers = {name: tuple(values) for name, values in told["a"].items()}
        return PageState(Way(told["w"]), told["k"], told["b"], answers, told["c"])

    def _cipher(self, head: bytes) -> AESGCM:
        day = int.from_bytes(head[1:]) // 86_400
        return AESGCM(self._seal.derive("page-state", day.to_bytes(4)))


def _head(at: datetime) -> bytes:
    """Version and time of closing: in the clear, authenticated, and what the key is chosen by."""
    return bytes([VERSION]) + int(at.timestamp()).to_bytes(4)


def _check_age(head: bytes, at: datetime) -> None:
    if len(head) != 5 or head[0] != VERSION:
        raise Unreadable
    age = int(at.timestamp()) - int.from_bytes(head[1:])
    if not -60 <= age <= LASTS.total_seconds():
        raise Unreadable
