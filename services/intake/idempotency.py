"""Sending the same referral twice makes one: what is remembered of an `Idempotency-Key` and of the body it came with."""

import hmac
from dataclasses import dataclass, field

from services.intake.seal import Seal


@dataclass(frozen=True, slots=True)
class Claim:
    """A client's key and body, as keyed digests: neither can be read from them, nor guessed without the secret.

    `lock` is never stored: a key that follows from the client's, for what only they are to have again.
    """

    key: bytes
    body: bytes
    lock: bytes = field(repr=False)

    def is_repeat_of(self, body: bytes) -> bool:
        """Whether the digest of an earlier body is that of this one."""
        return hmac.compare_digest(self.body, body)


def claim(seal: Seal, key: str | None, body: bytes, sender: str | None = None) -> Claim | None:
    """What to remember; None where the client gave no key. A system that signed in has keys of its own."""
    if key is None:
        return None
    own = f"{sender}\0{key}" if sender else key
    return Claim(
        key=seal.digest("idempotency-key", own.encode()),
        body=seal.digest("idempotency-body", body),
        lock=seal.digest("idempotency-lock", own.encode()),
    )
