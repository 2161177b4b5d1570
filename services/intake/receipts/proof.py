"""The slow hash that stands for the second half of a code: Argon2id, as ASVS 5.0, 6.5.2 asks for short secrets.

19 MiB, two passes, one lane: OWASP's least (Password Storage Cheat Sheet). A hash says itself what it was made with.
"""

import asyncio
import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from services.intake import metrics

MEMORY_KIB = 19 * 1024
PASSES = 2


def hashed(message: bytes) -> str:
    """The hash, as `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. About 20 ms of processor time; the interpreter is free meanwhile."""
    of = Argon2id(salt=os.urandom(16), length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB)
    return of.derive_phc_encoded(message)


class Proofs:
    """Checks codes, one at a time: each takes 19 MiB. Whatever is asked, it costs exactly one hash."""

    def __init__(self) -> None:
        self._nobodys = hashed(secrets.token_bytes(32))
        self._one_at_a_time = asyncio.Lock()

    async def holds(self, message: bytes, kept: Mapping[str, Any] | None) -> bool:
        """Whether this proves the code of which `kept` is stored: {proof}, or {waits} until that is made; None for none."""
        kept = kept or {}
        async with self._one_at_a_time:
            metrics.CODES_CHECKED.inc()
            slow = await asyncio.to_thread(_verified, message, kept.get("proof", self._nobodys))
        return slow if "proof" in kept else hmac.compare_digest(message, kept.get("waits", b""))


def _verified(message: bytes, proof: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(message, proof)
    except InvalidKey:
        return False
    return True
