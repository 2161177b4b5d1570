"""Who gets what, at every address of the service: by the token in the header that a proxy passes on."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Mount

from services.reporting.app import build_app
from shared.principal import Role
from tests.histories import lives
from tests.integration.reporting.conftest import World
from tests.integration.reporting.test_releases import freeze

ASKED = {
    "/api/v1/report/cases": "?measure=received",
    "/figures/inside/cases": "?measure=received",
    "/api/v1/extracts/{name}": "?purpose=demonstration",
}
NAMES = {
    "/api/v1/extracts/{name}": "CY2026-Q1.csv",
    "/api/v1/releases/{name}": "CY2026-Q1",
    "/api/v1/reports/{name}": "weekly",
    "/api/v1/releases/{period}/reports/{name}": "weekly.json",
    "/figures/inside/reports/{name}": "weekly",
}
EVERYBODYS = {
    "/api/v1/measures",
    "/api/v1/releases",
    "/api/v1/releases/{name}",
    "/figures/",
    "/figures/definitions",
    "/figures/{period}",
}
PARTNERS = {"/api/v1/extracts", "/api/v1/extracts/{name}"}
WHO: dict[str, Any] = {
    "nobody": None,
    "staff": (Role.staff, "cca"),
    "supervisor": (Role.supervisor, "cca"),
    "partner": (Role.partner, None),
    "analyst": (Role.analyst, None),
    "coordinator": (Role.coordinator, None),
}


def paths(http: FastAPI) -> list[str]:
    """Every address of the API and of the pages."""
    pages = (mount for mount in http.routes if isinstance(mount, Mount) and mount.path == "/figures")
    return [*http.openapi()["paths"], *(mount.path + route.path for mount in pages for route in mount.routes)]  # type: ignore[attr-defined]


def expected(path: str, who: str) -> int:
    if path in EVERYBODYS:
        return httpx.codes.OK
    if who == "nobody":
        return httpx.codes.UNAUTHORIZED
    if path in PARTNERS:
        if who != "partner":
            return httpx.codes.FORBIDDEN
        return httpx.codes.UNPROCESSABLE_ENTITY if "{" in path else httpx.codes.OK  # this partner's are fiscal quarters
    return httpx.codes.OK if who in ("analyst", "coordinator") else httpx.codes.FORBIDDEN


async def test_every_address_answers_the_roles_that_it_is_for_and_no_other(world: World) -> None:
    """An address that is added is asked too: one that is open by mistake fails here."""
    asked = paths(build_app(world.settings).http)
    assert EVERYBODYS | PARTNERS | {"/figures/inside/", "/api/v1/report.{ending}"} <= {*asked}
    await world.publish(lives(71, 60))
    wrong = []
    async with world.running() as client:
        await world.in_step(client)
        assert await freeze(world, "CY2026-Q1") == 0
        for path in asked:
            address = path.replace("{name}", NAMES.get(path, "")).format(
                period="CY2026-Q1", ending="json", topic="victims", path=""
            )
            for who, role in WHO.items():
                headers = world.sign_in(*role) if role else {"Authorization": ""}
                request = client.build_request("GET", address + ASKED.get(path, ""), headers=headers)
                if role is None:
                    del request.headers["Authorization"]
                answer = await client.send(request)
                if answer.status_code != expected(path, who):
                    wrong.append((path, who, answer.status_code))
    assert wrong == []
