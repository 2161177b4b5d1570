"""Tokens for the embedded stack and the tests: a key of this machine's own, which nothing outside has reason to trust.

A service takes an issuer without TLS on loopback only (shared/settings.py), and this one exists nowhere else.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.embedded.refusal import Refusal
from shared.principal import OF_AN_AGENCY, Role, Scope

AUDIENCE = "referral-bus"
ALGORITHM = "ES256"


class DevelopmentKey:
    """The private key in a file that only its owner can read; made where it is not there yet."""

    def __init__(self, path: Path) -> None:
        self._key = ECKey.import_key(json.loads(path.read_text())) if path.exists() else _make(path)

    def public(self) -> dict[str, Any]:
        """The key set that verifies its tokens."""
        return {"keys": [self._key.as_dict(private=False, use="sig", alg=ALGORITHM)]}

    def token(self, issuer: str, role: Role, agency: str | None = None, *, subject: str = "", seconds: int = 3600) -> str:
        """A signed access token. Refusal where the role needs an agency and none is given."""
        if role in OF_AN_AGENCY and agency is None:
            raise Refusal(f"A {role.value} belongs to an agency: give --agency, for example --agency hartford-pd.")
        subject = subject or "-".join(("development", role.value, agency or "taskforce"))
        more = {"agency": agency} if agency else {}
        return self._signed(issuer, subject, seconds, {"roles": [role.value]} | more)

    def system_token(self, issuer: str, system: str, scopes: Iterable[Scope], *, seconds: int = 3600) -> str:
        """The same for a provider's system that acts for itself."""
        return self._signed(issuer, system, seconds, {"scope": " ".join(scopes)})

    def _signed(self, issuer: str, subject: str, seconds: int, more: Mapping[str, Any]) -> str:
        at = int(time.time())
        claims: dict[str, Any] = {"iss": issuer, "aud": AUDIENCE, "sub": subject, "iat": at, "exp": at + seconds, **more}
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}, claims, self._key)


def _make(path: Path) -> ECKey:
    key = ECKey.generate_key("P-256", auto_kid=True)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    return key
