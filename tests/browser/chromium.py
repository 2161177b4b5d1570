"""A real Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 % (WCAG 2.1, 1.4.10)."""


def program() -> str:
    """Chromium's path. FileNotFoundError where this machine has none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not found:
        raise FileNotFoundError("The tests of pages need Chromium: apt-get install chromium, or set CHROMIUM to its path.")
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser, until the block ends. Without a sandbox of its own, which it cannot have as root in a container."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def window(browser: Browser, address: str, **options: Any) -> AsyncIterator[Page]:
    """An empty window; `options` as Playwright's `new_context` takes them. An error in a script fails the test."""
    context = await browser.new_context(base_url=address, **({"viewport": DESK} | options))
    page = await context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    await context.close()
    assert failures == []
