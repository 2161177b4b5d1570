"""The reporting service as a process of its own, and a client of it who has signed in."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.bench import Bench
from benchmarks.ground import Ground
from benchmarks.stack import CONFIG
from deploy.embedded import Issuer, Service, Surroundings
from deploy.embedded.service import ensure_secret
from shared.principal import Role


@dataclass
class Reporting:
    """The service with its cases; `partner` is the client of somebody who may take extracts."""

    service: Service
    client: httpx.AsyncClient
    partner: httpx.AsyncClient
    seconds_to_ready: float

    @property
    def megabytes(self) -> float:
        """What it holds now."""
        return float(self._process.memory_info().rss) / 2**20

    @property
    def worked(self) -> float:
        """Milliseconds of processor time so far: what a busy machine does not change."""
        return 1000 * float(sum(self._process.cpu_times()[:2]))

    @property
    def _process(self) -> psutil.Process:
        return psutil.Process(self.service.child.pid)


@asynccontextmanager
async def reporting(bench: Bench, ground: Ground, issuer: Issuer) -> AsyncIterator[Reporting]:
    """From its start on."""
    nowhere, secret = bench.folder / "none", ensure_secret(bench.folder / "extract")
    extra = {**issuer.environment(), "EXTRACT_SECRET_FILE": str(secret)}
    around = Surroundings(
        ground.broker.access, ground.database.url, "127.0.0.1:9", yearly(bench.folder), nowhere, nowhere, extra=extra
    )
    service, started = Service("reporting", around, bench.folder / "reporting.log"), time.monotonic()
    service.spawn()
    try:
        await asyncio.to_thread(service.wait_ready, timeout=1200)
        ready = time.monotonic() - started
        async with client(service, issuer, Role.analyst) as analyst, client(service, issuer, Role.partner) as partner:
            yield Reporting(service, analyst, partner, ready)
    finally:
        await asyncio.to_thread(service.stop)


def client(service: Service, issuer: Issuer, role: Role) -> httpx.AsyncClient:
    """Somebody who has signed in."""
    headers = {"Authorization": f"Bearer {issuer.token(role)}"}
    return httpx.AsyncClient(base_url=service.url, headers=headers, timeout=300)


def yearly(folder: Path) -> Path:
    """The configuration, but that the partner's extracts are of years."""
    config = folder / "config"
    shutil.copytree(CONFIG, config, dirs_exist_ok=True)
    partners = config / "partners.yaml"
    partners.write_text(partners.read_text().replace("every: fiscal_quarter", "every: fiscal_year"))
    return config
