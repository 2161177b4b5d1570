"""`make pictures`: mails in each language and the page with the button into docs/pages, light and dark, on a phone."""

from __future__ import annotations

import asyncio

from tests.browser.chromium import PHONE, chromium, window
from tests.browser.mails import PATHS, READ, answered_by
from tests.browser.pictures import keep


async def main() -> None:
    """Takes the pictures anew."""
    async with chromium() as browser:
        for scheme in ("light", "dark"):
            look = window(browser, "http://read.example", viewport=PHONE, color_scheme=scheme)
            async with look as page, answered_by(page, READ):
                for path in PATHS:
                    await page.goto(path)
                    await keep(page, f"notices-{path.strip('/').replace('/', '-')}-{scheme}")


if __name__ == "__main__":
    asyncio.run(main())
