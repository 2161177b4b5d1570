"""What axe and a few measures of our own find wrong with the page that a window shows."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """axe's findings, as `rule: element`."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [f"{one['id']}: {node['html'][:120]}" for one in found.response["violations"] for node in one["nodes"]]


async def sideways(page: Page) -> int:
    """Pixels by which one has to scroll sideways to read it all."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
