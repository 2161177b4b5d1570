"""Reporting on a port of its own, with a real database, no broker, and a synthetic year that is frozen."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr

from deploy.embedded import Issuer
from deploy.embedded.ports import free_port
from deploy.embedded.service import ensure_secret
from deploy.year.story import year
from services.reporting.app import build_app, caseload_of
from services.reporting.cases.projections import Case, fold
from services.reporting.measures.targets import load_targets
from services.reporting.release.archive import Archive
from services.reporting.release.freeze import Freeze
from services.reporting.reports.access import Audience
from services.reporting.reports.report import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.store import LIVE, Cases
from shared.clock import now
from shared.principal import Role
from shared.service import Service
from shared.settings import IdentitySettings, KafkaSettings, MongoSettings
from tests.waiting import eventually

BEGIN, END = datetime(2025, 10, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
PERIOD = "FY2026-Q1"


@dataclass(frozen=True)
class Served:
    """Where it is, and how to sign in."""

    address: str
    issuer: Issuer

    def as_(self, role: Role, agency: str | None = None) -> dict[str, dict[str, str]]:
        """A window's options for somebody who has signed in by way of a proxy."""
        return {"extra_http_headers": {"Authorization": f"Bearer {self.issuer.token(role, agency)}"}}


def cases(referrals: int) -> Iterable[dict[str, Any]]:
    """The cases of a synthetic year, as the readers would have folded them."""
    for story in year(BEGIN, END, referrals, 1):
        case: Case = {}
        for event in (*story.intake, *story.activity, *story.delivered):
            case = fold(case, event) or case
        yield {"_id": str(story.id), **case}


@asynccontextmanager
async def served_figures(
    mongo_url: str, folder: Path, *, referrals: int = 400, periods: Iterable[str] = (PERIOD,)
) -> AsyncIterator[Served]:
    """The pages of figures of a synthetic year, of which these periods are frozen."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it would say every second that nobody is there
    issuer = Issuer(folder / "key", folder / "issuer.log").start()
    told, port = issuer.environment(), free_port()
    settings = ReportingSettings(
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:9"),
        mongo=MongoSettings(url=SecretStr(mongo_url), database=f"figures{secrets.token_hex(4)}"),
        identity=IdentitySettings(issuer=told["OIDC_ISSUER"], jwks_url=told["OIDC_JWKS_URL"]),
        extract_secret_file=ensure_secret(folder / "extract"),
    )
    service = build_app(settings)
    await Cases(service.database[LIVE]).insert(cases(referrals), now())
    await _freeze(service, settings, periods)
    server = uvicorn.Server(
        uvicorn.Config(service.http, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve())
    served = Served(f"http://127.0.0.1:{port}", issuer)
    async with httpx.AsyncClient(headers=served.as_(Role.analyst)["extra_http_headers"]) as client:

        async def ready() -> bool:
            return server.started and (await client.get(f"{served.address}/api/v1/report")).is_success

        try:
            await eventually(ready)
            yield served
        finally:
            await service.client.drop_database(service.database.name)
            server.should_exit = True
            await running
            issuer.stop()


async def _freeze(service: Service, settings: ReportingSettings, periods: Iterable[str]) -> None:
    caseload = caseload_of(service, settings)
    reports = Reports(caseload, load_targets(settings.config_dir))
    freeze = Freeze(caseload, reports, Archive(service.database), {Audience.partner: 5, Audience.public: 11})
    for period in periods:
        await freeze(period)
