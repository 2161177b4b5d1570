"""Bytes that travel with a page and come back: encrypted, authenticated, and good for a while.

AES-256-GCM (NIST SP 800-38D) under a key of the day; the keys follow from this service's secret by HKDF (RFC 5869).
"""

import base64
import binascii
import secrets
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.seal import Seal

VERSION = 1
_NONCE = 12


class Unreadable(Exception):
    """Not ours, changed on the way, or too old."""


class Wrapping:
    """Closes and opens bytes for one purpose. A key serves for one day (UTC), and opens as long as things last."""

    def __init__(self, seal: Seal, purpose: str, lasts: timedelta) -> None:
        self._seal = seal
        self._purpose = purpose
        self._lasts = lasts

    def close(self, plain: bytes, at: datetime) -> str:
        """As text for a form field."""
        head = bytes([VERSION]) + int(at.timestamp()).to_bytes(4)  # in the clear, authenticated; chooses the key
        nonce = secrets.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(head + nonce + self._cipher(head).encrypt(nonce, plain, head)).decode()

    def open(self, text: str, at: datetime) -> bytes:
        """What was closed. Unreadable."""
        try:
            closed = base64.b64decode(text, altchars=b"-_", validate=True)
            head, nonce, sealed = closed[:5], closed[5 : 5 + _NONCE], closed[5 + _NONCE :]
            self._check_age(head, at)
            return self._cipher(head).decrypt(nonce, sealed, head)
        except (binascii.Error, ValueError, InvalidTag):
            raise Unreadable from None

    def _cipher(self, head: bytes) -> AESGCM:
        day = int.from_bytes(head[1:]) // 86_400
        return AESGCM(self._seal.derive(self._purpose, day.to_bytes(4)))

    def _check_age(self, head: bytes, at: datetime) -> None:
        if len(head) != 5 or head[0] != VERSION:
            raise Unreadable
        age = int(at.timestamp()) - int.from_bytes(head[1:])
        if not -60 <= age <= self._lasts.total_seconds():
            raise Unreadable
