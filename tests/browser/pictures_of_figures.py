"""`make pictures`: pages of figures and a sample document of a synthetic year into docs/pages, to be looked at."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import httpx
from playwright.async_api import Browser

from deploy.embedded import Database, mongod_binary
from deploy.embedded.settings import from_environment
from shared.principal import Role
from tests.browser.chromium import PHONE, chromium, window
from tests.browser.figures import PERIOD, Served, served_figures
from tests.browser.pictures import FOLDER, keep

INSIDE = {
    "overview": "?period=FY2026",
    "victims": "victims?period=FY2026",
    "timeliness": "timeliness?period=FY2026&town=hartford",
    "compared": "services?period=FY2026-Q2&compare=year",
    "cases": "cases?measure=service_barriers&row=emergency_housing&row=waiting_list&period=FY2026",
    "groups": "groups?period=FY2026",
    "state-annual": "reports/state-annual?period=FY2026",
}
PUBLIC = {"releases": "", "release": PERIOD, "sign-in": "inside/"}


async def take(browser: Browser, served: Served) -> None:
    """Each kind of page, and one in the dark and on a phone."""
    async with window(browser, served.address, **served.as_(Role.analyst)) as page:
        for name, path in INSIDE.items():
            await page.goto(f"/figures/inside/{path}")
            await keep(page, f"figures-{name}")
    async with window(browser, served.address) as page:
        for name, path in PUBLIC.items():
            await page.goto(f"/figures/{path}")
            await keep(page, f"figures-{name}")
    async with window(browser, served.address, viewport=PHONE, color_scheme="dark") as page:
        await page.goto(f"/figures/{PERIOD}")
        await keep(page, "figures-dark-phone")
    async with (
        httpx.AsyncClient(headers=served.as_(Role.analyst)["extra_http_headers"]) as inside,
        httpx.AsyncClient() as public,
    ):
        for client, path, name in (
            (public, f"{PERIOD}.pdf", f"figures-{PERIOD}.pdf"),
            (inside, f"{PERIOD}/reports/funder-quarterly.pdf", f"funder-quarterly-{PERIOD}.pdf"),
        ):
            answer = await client.get(f"{served.address}/api/v1/releases/{path}")
            (FOLDER / name).write_bytes(answer.raise_for_status().content)


async def main() -> None:
    """Starts a database and reporting, and takes the pictures anew."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "mongod").mkdir()
        with Database(folder / "mongod", mongod_binary(from_environment(os.environ).cache), cache_gb=0.25) as database:
            async with served_figures(database.url, folder, referrals=900) as served, chromium() as browser:
                await take(browser, served)


if __name__ == "__main__":
    asyncio.run(main())
