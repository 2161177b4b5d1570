"""Somebody at the desk, for tests: signed in by a key of the test's own, asking routing over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from deploy.embedded import Issuer
from shared.principal import Role
from shared.service import Service
from tests.integration.routing.conftest import World


class Person:
    """One role, one agency, one token."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str = "", **query: Any) -> httpx.Response:
        return await self._client.get(f"/api/v1/referrals{path}", params=query, headers=self._headers)

    async def look(self, id_: UUID) -> dict[str, Any]:
        """The referral, which this person has to be able to see."""
        answer = await self.get(f"/{id_}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def do(
        self, id_: UUID, command: str, version: int | None = None, key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Gives a command on a version; on the one that is there now, where none is given."""
        if version is None:
            version = (await self.look(id_))["version"]
        headers = self._headers | {"If-Match": f'"{version}"'} | ({"Idempotency-Key": key} if key else {})
        return await self._client.post(f"/api/v1/referrals/{id_}/{command}", json=body, headers=headers)

    async def done(self, id_: UUID, command: str, **body: Any) -> dict[str, Any]:
        """A command that has to be carried out."""
        answer = await self.do(id_, command, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def raw(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        return await self._client.post(f"/api/v1/referrals{path}", content=content, headers=self._headers | headers)


class People:
    """Everybody who may sign in."""

    def __init__(self, client: httpx.AsyncClient, issuer: Issuer, service: Service) -> None:
        self.client = client
        self.service = service
        self._issuer = issuer
        self.coordinator = self.be(Role.coordinator)
        self.analyst = self.be(Role.analyst)

    def be(self, role: Role, agency: str | None = None, subject: str = "") -> Person:
        return Person(self.client, self._issuer.token(role, agency, subject=subject))

    def staff(self, agency: str, subject: str = "") -> Person:
        return self.be(Role.staff, agency, subject)

    def supervisor(self, agency: str) -> Person:
        return self.be(Role.supervisor, agency)


@asynccontextmanager
async def desk(world: World, folder: Path) -> AsyncIterator[People]:
    """Routing, running, with a development issuer that it trusts."""
    issuer = Issuer(folder / "key", folder / "issuer.log").start()
    try:
        told = issuer.environment()
        trusting = world.settings.identity.model_copy(update={"issuer": told["OIDC_ISSUER"], "jwks_url": told["OIDC_JWKS_URL"]})
        world.settings = world.settings.model_copy(update={"identity": trusting})
        async with world.running() as service:
            transport = httpx.ASGITransport(app=service.http)
            async with httpx.AsyncClient(transport=transport, base_url="http://routing") as client:
                yield People(client, issuer, service)
    finally:
        issuer.stop()
