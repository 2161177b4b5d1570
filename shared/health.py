"""What a service says of itself: alive, ready, started, and what it waits for. Also `/metrics`."""

import time
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""Says what is missing (without any person's detail), or None where all is well."""

# As /health/ready answers, asked anew at each scrape.
READY = Gauge("service_ready", "1 while the service is ready")


class Health:
    """The state of one service. `waiting` names what start-up still waits for."""

    def __init__(self) -> None:
        self.waiting: set[str] = {"start"}
        self.started_at = time.time()
        self._checks: dict[str, Check] = {}

    def check(self, name: str, check: Check) -> None:
        """Adds something that has to be well for the service to be ready."""
        self._checks[name] = check

    async def problems(self) -> dict[str, str]:
        """What keeps the service from being ready, by component."""
        found = {name: "not yet connected" for name in sorted(self.waiting)}
        for name, check in self._checks.items():
            if name not in found and (problem := await check()):
                found[name] = problem
        return found


def health_routes(health: Health) -> APIRouter:
    """`/health/live`, `/health/ready`, `/health/startup` and `/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        problems = await health.problems()
        status = "waiting" if problems else "ok"
        return JSONResponse({"status": status, "waiting_for": problems}, 503 if problems else 200)

    @router.get("/health/startup")
    async def startup() -> JSONResponse:
        waiting = sorted(health.waiting)
        return JSONResponse({"status": "starting" if waiting else "ok", "waiting_for": waiting}, 503 if waiting else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        READY.set(0 if await health.problems() else 1)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
