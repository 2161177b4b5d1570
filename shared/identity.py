"""Who a bearer token is from: OpenID Connect, verified with the issuer's public keys. Used by every API that is guarded.

A token has to say: `iss` and `aud` as in the settings, `exp`, `sub`; a person's `roles` (a list of `principal.Role`; others are
passed over) and, for an agency's people, `agency`; a system's `scope` (`principal.Scope`, with spaces between). Nothing of a
token is ever logged or answered.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from prometheus_client import Counter

from shared.clock import Clock, now
from shared.principal import OF_AN_AGENCY, Principal, Role, Scope
from shared.problems import Problem, ProblemKind
from shared.settings import IdentitySettings
from shared.signing_keys import NoKeys, SigningKeys, fetching

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""The only ones, all with a public key. `none` and shared secrets cannot get in by what a token says of itself."""

# Tokens that were refused: `unsigned` (missing or malformed), `unknown_key`, `bad_signature`, `bad_claims`. Many bad
# signatures are somebody trying.
REFUSED = Counter("identity_tokens_refused_total", "Bearer tokens refused, by reason", ["token_refusal"])
for _reason in ("unsigned", "unknown_key", "bad_signature", "bad_claims"):
    REFUSED.labels(_reason)

_LONGEST = 8192
_SUBJECT = re.compile(r"[A-Za-z0-9-]{1,64}")
_AGENCY = re.compile(r"[a-z][a-z-]{1,30}")


class Refused(Exception):
    """No token, or one that proves nothing. Its text is a closed reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        REFUSED.labels(reason).inc()


class Identity:
    """Verifies tokens of one issuer."""

    def __init__(self, settings: IdentitySettings, keys: SigningKeys | None = None, clock: Clock = now) -> None:
        self._settings = settings
        self._keys = keys or SigningKeys(fetching(settings.jwks_url))
        self._clock = clock

    async def principal(self, token: str) -> Principal:
        """Whose token it is. Refused where it proves nothing; NoKeys where the issuer cannot be asked."""
        key, algorithm = await self._key_for(token)
        try:
            decoded = jwt.decode(token, key, algorithms=[algorithm])
        except (JoseError, ValueError):
            raise Refused("bad_signature") from None
        return self._read(decoded.claims)

    async def _key_for(self, token: str) -> tuple[Key, str]:
        if len(token) > _LONGEST or not token.isascii():
            raise Refused("unsigned")
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError):
            raise Refused("unsigned") from None
        kid, algorithm = header.get("kid"), header.get("alg")
        if algorithm not in ALGORITHMS or not isinstance(kid, str):
            raise Refused("unsigned")
        key = await self._keys.key(kid)
        if key is None or key.alg not in (None, algorithm):
            raise Refused("unknown_key")
        return key, algorithm

    def _read(self, claims: dict[str, Any]) -> Principal:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=self._settings.leeway_seconds,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise Refused("bad_claims") from None
        return _principal(claims)


def _principal(claims: dict[str, Any]) -> Principal:
    subject, agency, told = claims["sub"], claims.get("agency"), claims.get("roles")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise Refused("bad_claims")
    if agency is not None and not (isinstance(agency, str) and _AGENCY.fullmatch(agency)):
        raise Refused("bad_claims")
    known = {role for role in Role if isinstance(told, list) and role.value in told}
    scope = claims.get("scope")
    scopes = frozenset(one for one in Scope if isinstance(scope, str) and one.value in scope.split(" "))
    return Principal(subject, frozenset(known if agency else known - OF_AN_AGENCY), agency, scopes)


SignedIn = Callable[[Request], Awaitable[Principal]]
"""FastAPI's dependency: whose token a request brings."""


def signed_in(identity: Identity | None) -> SignedIn:
    """FastAPI's dependency for a guarded route. Without an issuer in the settings nobody gets in."""

    async def who(request: Request) -> Principal:
        if identity is None:
            raise Problem(ProblemKind.unavailable, "Sign-in is not set up here: OIDC_ISSUER and OIDC_JWKS_URL are missing.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise Refused("unsigned")
            return await identity.principal(token.strip())
        except Refused:
            raise Problem(
                ProblemKind.unauthorized,
                "Sign in, and send the access token in the header Authorization: Bearer.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"' if token else "Bearer"},
            ) from None
        except NoKeys:
            detail = "The sign-in service does not answer. Try again in a moment."
            raise Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"}) from None

    return who


def identity_of(settings: IdentitySettings, clock: Clock = now) -> Identity | None:
    """The verifier that the settings ask for; None where they name no issuer."""
    return Identity(settings, clock=clock) if settings.issuer else None
