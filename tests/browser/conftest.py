"""One Chromium and one served form for all tests of pages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.browser.served import Served, served


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
async def form(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(mongo_url, tmp_path_factory.mktemp("form")) as form:
        yield form


@pytest.fixture(scope="session")
def address(form: Served) -> str:
    return form.address
