"""What a service says of its readiness."""

import httpx
import pytest
from fastapi import FastAPI

from shared.health import Health, health_routes


def client(health: Health) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(health_routes(health))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


@pytest.mark.parametrize(("problem", "status", "gauge"), [(None, 200, "1.0"), ("the database does not answer", 503, "0.0")])
async def test_metrics_say_what_ready_says(problem: str | None, status: int, gauge: str) -> None:
    async def check() -> str | None:
        return problem

    health = Health()
    health.waiting.clear()
    health.check("mongodb", check)
    async with client(health) as http:
        assert (await http.get("/health/ready")).status_code == status
        assert f"service_ready {gauge}" in (await http.get("/metrics")).text
