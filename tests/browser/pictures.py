"""`make pictures`: every page of the form into docs/pages/, to be looked at."""

from __future__ import annotations

import asyncio
import base64
import os
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page

from deploy.embedded import Database, mongod_binary
from deploy.embedded.settings import from_environment
from services.intake.pages.throng import PACES, Crowd
from tests.browser.chromium import chromium, window
from tests.browser.journey import coming_back, onward, send, steps
from tests.browser.served import Served, served

FOLDER = Path(__file__).parents[2] / "docs/pages"
PHONE = {"width": 390, "height": 844}


async def keep(page: Page, name: str) -> None:
    """One picture, of the whole page, small enough to be kept with the code."""
    session = await page.context.new_cdp_session(page)
    wanted = {"format": "webp", "quality": 60, "captureBeyondViewport": True}
    size = (await session.send("Page.getLayoutMetrics"))["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    shot = await session.send("Page.captureScreenshot", wanted | {"clip": clip})
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


async def every_page(browser: Browser, form: Served) -> None:
    """Each page in English on a phone."""
    async with window(browser, form.address, viewport=PHONE) as page:
        for path in ("", "safety/full", "safety/duty", "none"):
            await page.goto(f"/en/{path}")
            await keep(page, f"en-{path.replace('/', '-') or 'start'}")
        async for name in steps(page, "en", "full"):
            await keep(page, f"en-{name}")
        async for name in steps(page, "en", "duty"):
            if name in ("parents", "harm", "learned", "done"):
                await keep(page, f"en-{name}")
        state = await page.locator("input[name=state]").input_value()
        code = await send(page)
        await keep(page, "en-sent")
        await keep_visit(page, form, code)
        await keep_throng(page, state)
        await page.goto("/en/tell/short")
        await onward(page, "button[value=on]")
        await keep(page, "en-fault")


async def keep_visit(page: Page, form: Served, code: str) -> None:
    """Coming back with the code."""
    await form.ask("Is she still at the place that you told us of?")
    await page.goto("/en/back")
    await keep(page, "en-back")
    async for name in coming_back(page, code):
        await keep(page, f"en-{name}")


async def keep_throng(page: Page, state: str) -> None:
    """The page on which one waits for one's turn, as it is without script."""
    for _ in range(PACES[Crowd.form].burst):
        answer = await page.request.post("/en/send", form={"state": state})
    await page.set_content((await answer.text()).replace("<script", "<link"))
    await keep(page, "en-wait")


async def other_looks(browser: Browser, address: str) -> None:
    """A few pages in each other language, in the dark, in forced colours, and at a desk."""
    for tag in ("es", "pt", "pl", "zh-Hans", "ar"):
        async with window(browser, address, viewport=PHONE) as page:
            await page.goto(f"/{tag}/")
            await keep(page, f"{tag}-start")
            async for name in steps(page, tag, "full"):
                if name in ("danger", "control", "person", "check"):
                    await keep(page, f"{tag}-{name}")
    looks = {"dark": {"color_scheme": "dark"}, "forced": {"forced_colors": "active"}, "desk": {}}
    for look, options in looks.items():
        async with window(browser, address, **options) as page:
            async for name in steps(page, "en", "full"):
                if name in ("danger", "type", "control", "check"):
                    await keep(page, f"{look}-{name}")


async def main() -> None:
    """Starts a database and the form, and takes all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "mongod").mkdir()
        with Database(folder / "mongod", mongod_binary(from_environment(os.environ).cache), cache_gb=0.25) as database:
            async with served(database.url, folder) as form, chromium() as browser:
                await every_page(browser, form)
                await other_looks(browser, form.address)


if __name__ == "__main__":
    asyncio.run(main())
