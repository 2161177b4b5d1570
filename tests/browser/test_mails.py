"""Mails, and the page that they lead to, in a real browser."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import Browser

from tests.browser.accessibility import sideways, violations
from tests.browser.chromium import ZOOMED, window
from tests.browser.mails import PATHS, READ, answered_by


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_people_are_told_can_be_read_by_everyone(browser: Browser, scheme: str) -> None:
    """axe finds nothing, and nothing has to be scrolled sideways at 400 %, in any language. PAGES=all: all in both schemes."""
    paths = PATHS if scheme == "light" or os.environ.get("PAGES") == "all" else PATHS[::3]
    look = window(browser, "http://read.example", viewport=ZOOMED, color_scheme=scheme)
    async with look as page, answered_by(page, READ):
        for path in paths:
            await page.goto(path)
            assert await violations(page) == [], path
            assert await sideways(page) == 0, path
