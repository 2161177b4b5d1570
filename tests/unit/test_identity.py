"""A token gets somebody in only where every proof in it holds; the issuer's absence keeps nobody out who was let in before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from pydantic import ValidationError

from shared.answers import answer_safely
from shared.identity import Identity, Refused, identity_of, signed_in
from shared.principal import Principal, Role
from shared.problems import Problem, ProblemKind
from shared.settings import IdentitySettings
from shared.signing_keys import FRESH_SECONDS, PAUSE_SECONDS, NoKeys, SigningKeys

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
SETTINGS = IdentitySettings(issuer="https://issuer.example.org", jwks_url="https://issuer.example.org/jwks")
CLAIMS: dict[str, Any] = {
    "iss": SETTINGS.issuer,
    "aud": ["account", SETTINGS.audience],
    "sub": "5c1e0f6a-0001",
    "exp": AT + 300,
    "roles": ["staff"],
    "agency": "hartford-pd",
}
FIRST, SECOND = (ECKey.generate_key("P-256", auto_kid=True) for _ in range(2))


class Issuer:
    """Publishes some keys, counts how often it is asked, and can be away."""

    def __init__(self, *keys: Any) -> None:
        self.keys = keys
        self.asked = 0
        self.away = False

    async def fetch(self) -> dict[str, Any]:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


class World:
    """An issuer, a verifier of its tokens, and seconds that pass when told."""

    def __init__(self, *keys: Any) -> None:
        self.issuer = Issuer(*keys)
        self.seconds = 0.0
        self.identity = Identity(SETTINGS, SigningKeys(self.issuer.fetch, lambda: self.seconds), lambda: NOW)

    async def who(self, key: Any = FIRST, alg: str = "ES256", header: dict[str, Any] | None = None, **claims: Any) -> Principal:
        said = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
        token = jwt.encode({"alg": alg, "kid": key.kid} | (header or {}), said, key, algorithms=[alg])
        return await self.identity.principal(token)


@pytest.fixture
def world() -> World:
    return World(FIRST)


async def test_a_token_says_who_it_is_in_which_role_and_of_which_agency(world: World) -> None:
    assert await world.who() == Principal("5c1e0f6a-0001", frozenset({Role.staff}), "hartford-pd")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.org"},
        {"aud": "another-service"},
        {"aud": None},
        {"iss": None},
        {"exp": None},
        {"sub": None},
        {"exp": AT - 31},
        {"nbf": AT + 31},
        {"iat": AT + 31},
        {"exp": "soon"},
        {"sub": "someone@example.org"},
        {"agency": "../hartford"},
        {"agency": 7},
    ],
    ids=str,
)
async def test_a_token_whose_claims_do_not_fit_is_refused(world: World, claims: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="bad_claims"):
        await world.who(**claims)


async def test_clocks_may_differ_by_the_leeway_and_no_more(world: World) -> None:
    assert await world.who(exp=AT - 29)
    with pytest.raises(Refused):
        await world.who(exp=AT - 31)


async def test_a_token_signed_by_another_key_of_the_same_id_is_refused(world: World) -> None:
    taken: dict[str, Any] = SECOND.as_dict(private=True) | {"kid": FIRST.kid}
    forged = ECKey.import_key(taken)
    with pytest.raises(Refused, match="bad_signature"):
        await world.who(forged)


@pytest.mark.parametrize("alg", ["HS256", "none"])
async def test_an_algorithm_without_a_public_key_is_refused_whatever_it_was_signed_with(world: World, alg: str) -> None:
    secret = OctKey.import_key(b"0" * 32)
    header = f'{{"alg":"{alg}","kid":"{FIRST.kid}"}}'
    signed = jwt.encode({"alg": "HS256"}, CLAIMS, secret)
    from joserfc.util import urlsafe_b64encode

    token = ".".join([urlsafe_b64encode(header.encode()).decode(), *signed.split(".")[1:]])
    with pytest.raises(Refused, match="unsigned"):
        await world.identity.principal(token)


async def test_a_shared_secret_that_the_issuer_publishes_by_mistake_verifies_nothing() -> None:
    secret = OctKey.import_key({"kty": "oct", "k": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA", "kid": "shared"})
    world = World(FIRST)
    world.issuer.keys = (FIRST, secret)
    assert await world.who()
    with pytest.raises(Refused, match="unsigned"):
        await world.who(secret, "HS256")


async def test_a_key_is_good_for_its_own_algorithm_alone() -> None:
    key = RSAKey.generate_key(2048, {"alg": "PS256", "kid": "rsa"})
    world = World(key)
    assert await world.who(key, "PS256")
    with pytest.raises(Refused, match="unknown_key"):
        await world.who(RSAKey.import_key(key.as_dict(private=True, alg="RS256")), "RS256")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "a" * 9000, "e30.e30.e30"])
async def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    with pytest.raises(Refused, match="unsigned"):
        await world.identity.principal(token)


async def test_roles_that_we_do_not_know_count_for_nothing(world: World) -> None:
    assert (await world.who(roles=["offline_access", "coordinator", 7])).roles == {Role.coordinator}
    assert (await world.who(roles="coordinator")).roles == frozenset()


async def test_staff_and_supervisors_without_an_agency_have_no_role(world: World) -> None:
    assert (await world.who(roles=["staff", "supervisor", "analyst"], agency=None)).roles == {Role.analyst}


async def test_a_new_key_is_learned_when_a_token_first_names_it(world: World) -> None:
    await world.who()
    world.issuer.keys = (FIRST, SECOND)
    world.seconds += PAUSE_SECONDS
    assert await world.who(SECOND)
    assert world.issuer.asked == 2


async def test_made_up_key_ids_do_not_become_a_flood_at_the_issuer(world: World) -> None:
    await world.who()
    for _ in range(50):
        with pytest.raises(Refused, match="unknown_key"):
            await world.who(SECOND)
    assert world.issuer.asked == 1


async def test_a_key_that_the_issuer_took_back_ends_when_the_keys_are_next_asked_for(world: World) -> None:
    await world.who()
    world.issuer.keys = (SECOND,)
    world.seconds += FRESH_SECONDS
    with pytest.raises(Refused, match="unknown_key"):
        await world.who()


async def test_while_the_issuer_is_away_the_keys_it_gave_are_kept(world: World) -> None:
    await world.who()
    world.issuer.away = True
    world.seconds += 3 * FRESH_SECONDS
    assert await world.who()
    assert world.issuer.asked == 2


async def test_before_the_issuer_ever_answered_nobody_is_judged(world: World) -> None:
    world.issuer.away = True
    with pytest.raises(NoKeys):
        await world.who()
    world.issuer.away = False
    world.seconds += PAUSE_SECONDS
    assert await world.who()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://issuer.example.org", "jwks_url": "http://issuer.example.org/jwks"},
        {"issuer": "https://issuer.example.org"},
        {"issuer": "https://issuer.example.org", "jwks_url": "http://127.0.0.1.example.org/jwks"},
    ],
)
def test_an_issuer_without_tls_is_taken_on_loopback_alone(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IdentitySettings(**wrong)
    assert IdentitySettings(issuer="http://127.0.0.1:1", jwks_url="http://127.0.0.1:1/jwks")


def guarded(identity: Identity | None) -> httpx.AsyncClient:
    http = FastAPI()

    @http.get("/")
    async def who(principal: Principal = Depends(signed_in(identity))) -> str:  # noqa: B008
        return principal.subject

    answer_safely(http, if_we_fail=Problem(ProblemKind.internal, "-"), count=lambda _: None)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=http), base_url="http://test")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer secret.token.here"}])
async def test_without_a_good_token_the_answer_is_401_and_repeats_nothing(world: World, header: dict[str, str]) -> None:
    async with guarded(world.identity) as client:
        answer = await client.get("/", headers=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "secret" not in answer.text


async def test_without_an_issuer_in_the_settings_nobody_gets_in() -> None:
    assert identity_of(IdentitySettings()) is None
    async with guarded(None) as client:
        assert (await client.get("/", headers={"Authorization": "Bearer x"})).status_code == 503


async def test_an_issuer_that_never_answered_is_our_trouble_not_the_callers(world: World) -> None:
    world.issuer.away = True
    token = jwt.encode({"alg": "ES256", "kid": FIRST.kid}, CLAIMS, FIRST)
    async with guarded(world.identity) as client:
        answer = await client.get("/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "15")
