"""The issuer's public keys: fetched when they are needed, kept while the issuer is away, never asked for too often."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from prometheus_client import Gauge

log = structlog.get_logger(__name__)

# When the issuer last gave its keys. Alert where it is old: a new key of the issuer would not be known.
KEYS_FETCHED = Gauge("identity_keys_fetched_timestamp_seconds", "Last time the issuer gave its signing keys")

FRESH_SECONDS = 600.0
"""After so long the keys are asked for again, so that one the issuer took back ends here too."""
PAUSE_SECONDS = 10.0
"""The least time between two questions: tokens with made-up key ids must not become a flood at the issuer."""
_ASYMMETRIC = ("RSA", "EC", "OKP")


class NoKeys(Exception):
    """The issuer has never answered yet, so that no token can be judged."""


Fetch = Callable[[], Awaitable[Mapping[str, Any]]]


def fetching(url: str, timeout: float = 3.0) -> Fetch:
    """Asks the address for a JSON Web Key Set. Redirects are not followed: the address is that of the issuer itself."""

    async def fetch() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=timeout, follow_redirects=False) as client:
            answer = (await client.get(url)).raise_for_status()
            return dict(answer.json())

    return fetch


class SigningKeys:
    """Keys by their id. `ticks` is a clock in seconds that never goes back."""

    def __init__(self, fetch: Fetch, ticks: Callable[[], float] = monotonic) -> None:
        self._fetch = fetch
        self._ticks = ticks
        self._keys: dict[str, Key] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def key(self, kid: str) -> Key | None:
        """The public key of this id; None where the issuer has none. NoKeys before the issuer's first answer."""
        if kid not in self._keys:
            async with self._asking:
                if kid not in self._keys:
                    await self._ask()
        elif self._is_old() and not self._asking.locked():
            async with self._asking:
                await self._ask()
        if self._fetched is None:
            raise NoKeys
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched is None or self._ticks() - self._fetched >= FRESH_SECONDS

    async def _ask(self) -> None:
        if self._asked is not None and self._ticks() - self._asked < PAUSE_SECONDS:
            return
        self._asked = self._ticks()
        try:
            self._keys = _by_id(await self._fetch())
        except (httpx.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("signing_keys_kept", error=type(error).__name__)
            return
        self._fetched = self._asked
        KEYS_FETCHED.set_to_current_time()


def _by_id(document: Mapping[str, Any]) -> dict[str, Key]:
    """The keys that may verify signatures. A shared secret is never one: whoever verifies with it could sign as well."""
    given = [key for key in document["keys"] if key.get("kty") in _ASYMMETRIC and key.get("use", "sig") == "sig"]
    return {key.kid: key for key in KeySet.import_key_set({"keys": given}) if key.kid}
