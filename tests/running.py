"""A service running in the test's own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from shared.service import Service
from tests.waiting import eventually


@asynccontextmanager
async def running_service(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service, from the moment it is ready until the block ends."""
    transport = httpx.ASGITransport(app=service.http)
    async with (
        service.http.router.lifespan_context(service.http),
        httpx.AsyncClient(transport=transport, base_url=f"http://{service.name}") as client,
    ):

        async def ready() -> bool:
            return (await client.get("/health/ready")).is_success

        await eventually(ready)
        yield client
