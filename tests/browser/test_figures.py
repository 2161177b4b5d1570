"""The pages of figures in a real browser. PAGES=all looks at every page of the inside; else at those of each kind."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from services.reporting.measures import TOPICS
from shared.principal import Role
from tests.browser.accessibility import sideways, violations
from tests.browser.chromium import ZOOMED, window
from tests.browser.figures import PERIOD, Served, served_figures

expect.set_options(timeout=20_000)  # a busy machine is no failure
ALL = os.environ.get("PAGES") == "all"
INSIDE = (
    "/",
    *(f"/{topic}" for topic in TOPICS if ALL or topic == "timeliness"),
    "/groups",
    "/reports/funder-quarterly",
    "/cases?measure=received_by_town&row=hartford",
)
PUBLIC = {"light": ("", PERIOD, "definitions"), "dark": (PERIOD, "inside/", "lunch")}


@pytest.fixture(scope="module")
async def figures(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served_figures(mongo_url, tmp_path_factory.mktemp("figures")) as served:
        yield served


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_of_the_inside_can_be_used_by_everyone(browser: Browser, figures: Served, scheme: str) -> None:
    """axe finds nothing; at 400 % nothing but a wide table has to be scrolled sideways."""
    pages = INSIDE if scheme == "light" else INSIDE[:1]
    async with window(browser, figures.address, viewport=ZOOMED, color_scheme=scheme, **figures.as_(Role.analyst)) as page:
        for path in pages:
            await page.goto(f"/figures/inside{path}{'&' if '?' in path else '?'}period=FY2026&compare=before")
            await page.locator("details.no-print").evaluate_all("all => all.forEach(one => one.open = true)")
            assert await violations(page) == [], path
            assert await sideways(page) == 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_for_the_public_can_be_used_by_everyone(browser: Browser, figures: Served, scheme: str) -> None:
    async with window(browser, figures.address, viewport=ZOOMED, color_scheme=scheme) as page:
        for path in PUBLIC[scheme]:
            await page.goto(f"/figures/{path}")
            await page.locator("details.no-print").evaluate_all("all => all.forEach(one => one.open = true)")
            assert await violations(page) == [], path
            assert await sideways(page) == 0, path


PAPER = {"width": 720, "height": 960}
"""Letter paper, with margins of half an inch, at 96 dots an inch."""
INKS = "all => all.map(one => one.matches('text') ? getComputedStyle(one).fill : getComputedStyle(one).color)"
CUT_OFF = "tables => tables.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.caption.innerText)"


async def test_on_paper_every_page_says_as_of_when_and_no_table_is_cut_off(browser: Browser, figures: Served) -> None:
    """Nothing can be scrolled or pressed there, and a dark screen does not print white on white."""
    async with window(browser, figures.address, viewport=PAPER, color_scheme="dark", **figures.as_(Role.analyst)) as page:
        await page.emulate_media(media="print")
        for path in INSIDE:
            await page.goto(f"/figures/inside{path}{'&' if '?' in path else '?'}period=FY2026&compare=before")
            await expect(page.get_by_text("As of").first).to_be_visible()
            assert await page.locator("table").evaluate_all(CUT_OFF) == [], path
            assert await page.locator("nav:visible, form:visible, button:visible").count() == 0, path
            inks = await page.locator("h1, td, th, .chart text").evaluate_all(INKS)
            assert set(inks) <= {"rgb(0, 0, 0)", "rgb(27, 27, 27)"}, path


async def test_without_a_token_there_are_releases_only_and_small_figures_are_hidden(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address) as page:
        await page.goto("/figures/")
        await page.get_by_role("link", name=PERIOD).click()
        await expect(page.get_by_text("Figures from 1 to 10 are hidden")).to_be_visible()
        cells = [(await cell.inner_text()).replace(",", "") for cell in await page.locator("td").all()]
        assert "hidden" in cells
        assert not [cell for cell in cells if cell.isdigit() and 0 < int(cell) < 11]
        await page.goto("/figures/inside/")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to see this")


async def test_agencies_staff_see_their_releases_and_not_the_inside(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, **figures.as_(Role.staff, "cca")) as page:
        await page.goto(f"/figures/{PERIOD}")
        await expect(page.get_by_text("Figures from 1 to 4 are hidden")).to_be_visible()
        await page.goto("/figures/inside/")
        await expect(page.get_by_role("heading", level=1)).to_have_text("This is for the coordinator and analysts")


async def test_what_is_chosen_stands_in_the_address_and_the_exports_follow_it(browser: Browser, figures: Served) -> None:
    """Without script, as everything here."""
    async with window(browser, figures.address, java_script_enabled=False, **figures.as_(Role.analyst)) as page:
        await page.goto("/figures/inside/funnel")
        await page.get_by_text("Choose period and filters").click()
        await page.get_by_label("Period", exact=True).select_option("FY2026-Q2")
        await page.get_by_label("Town of exploitation", exact=True).select_option("hartford")
        await page.get_by_role("button", name="Show").click()
        await page.wait_for_url(lambda url: "period=FY2026-Q2" in url and "town=hartford" in url)
        await expect(page.get_by_text("Town: Hartford.")).to_be_visible()
        towns = page.locator("#received_by_town tbody tr")
        shown = {await row.locator("th").inner_text(): await row.locator("td").last.inner_text() for row in await towns.all()}
        assert [town for town, total in shown.items() if total != "0"] == ["Hartford"]
        export = await page.get_by_role("link", name="CSV").get_attribute("href")
        assert export
        lines = (await (await page.request.get(export)).text()).splitlines()
        assert f"received_by_town,town=hartford,total,{shown['Hartford']},referrals" in "\n".join(lines)


async def test_a_chart_says_as_text_what_its_table_says(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, **figures.as_(Role.coordinator)) as page:
        await page.goto("/figures/inside/thriving")
        told = await page.locator("#closure svg").get_attribute("aria-label")
        rows = await page.locator("#closure tbody tr").all()
        table = [f"{await row.locator('th').inner_text()} {await row.locator('td').last.inner_text()}" for row in rows]
        assert told == f"Closure reasons: {'; '.join(table)}."


async def test_the_definition_of_a_figure_is_one_click_away(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, **figures.as_(Role.analyst)) as page:
        await page.goto("/figures/inside/victims")
        await page.locator("#victim_status summary").click()
        await page.locator("#victim_status").get_by_role("link", name="More about this figure").click()
        assert page.url.endswith("/figures/definitions#victim_status")


async def test_a_figure_leads_to_as_many_coded_cases_as_it_says_and_back(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, java_script_enabled=False, **figures.as_(Role.coordinator)) as page:
        await page.goto("/figures/inside/funnel?period=FY2026-Q2&gender=male&gender=unknown")
        figure = page.locator("#received_by_reporter tbody tr").filter(has=page.locator("a")).first
        total = await figure.locator("a").inner_text()
        await figure.locator("a").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Cases behind a figure")
        await expect(page.locator("#figure")).to_have_text(f"The figure is {total} referrals.")
        assert await page.locator(".cases tbody tr").count() == int(total)
        await expect(page.get_by_text("As of")).to_be_visible()
        await page.get_by_role("link", name="Back to the figures").click()
        assert "gender=male&gender=unknown" in page.url
        assert "#received_by_reporter" in page.url


async def test_columns_and_figures_are_chosen_on_the_page_without_script(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, java_script_enabled=False, **figures.as_(Role.analyst)) as page:
        await page.goto("/figures/inside/thriving?period=FY2026-Q2&town=hartford")
        await page.get_by_text("Take along only some columns or figures").click()
        await page.locator("label[for=column-labor]").click()
        await page.locator("label[for=measure-closure]").click()
        async with page.expect_request("**/report.csv?*") as sent:
            await page.get_by_role("button", name="CSV").click()
        address = (await sent.value).url
        lines = (await (await page.request.get(address)).text()).splitlines()[1:]
        assert lines
        assert all(",closure," in line and ",labor," in line for line in lines)
        assert "town=hartford" in address


async def test_a_report_that_somebody_waits_for_is_a_file_of_now_and_a_frozen_one(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, **figures.as_(Role.coordinator)) as page:
        await page.goto(f"/figures/inside/reports/funder-quarterly?period={PERIOD}")
        now = await page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
        frozen = await page.get_by_role("link", name=f"{PERIOD} as XLSX").get_attribute("href")
        assert now
        assert frozen
        told = await (await page.request.get(now)).text()
        assert '"Clients served, new and continuing"' in told
        first, second = [await (await page.request.get(frozen)).body() for _ in range(2)]
        assert first == second
        assert first.startswith(b"PK")


async def test_the_same_days_of_the_year_before_stand_beside(browser: Browser, figures: Served) -> None:
    async with window(browser, figures.address, java_script_enabled=False, **figures.as_(Role.analyst)) as page:
        await page.goto("/figures/inside/funnel?period=CY2026-Q1")
        await page.get_by_text("Choose period and filters").click()
        await page.get_by_label("Compare with").select_option("year")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_text("Compared with 2025-01-01 to 2025-03-31.")).to_be_visible()
        cells = [await cell.inner_text() for cell in await page.locator("#received tbody td").all()]
        assert cells[-2:] == ["0", f"+{cells[-3]}"]
