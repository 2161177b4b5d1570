"""The public form in a real browser. PAGES=all looks at every page in every language; else at the key pages in two."""

from __future__ import annotations

import os
import re

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from services.intake.pages.throng import PACES, Crowd
from shared.pages import LANGUAGES
from tests.browser.accessibility import sideways, violations
from tests.browser.chromium import DESK, PHONE, ZOOMED, window
from tests.browser.journey import TYPED, coming_back, fill, onward, page_name, receipt_code, send, steps, to_check
from tests.browser.served import LANDING, Served

ALL = os.environ.get("PAGES") == "all"
TAGS = [language.tag for language in LANGUAGES] if ALL else ["en", "ar"]
KEY_STEPS = {"en": ("danger-told", "happening", "type", "person", "check"), "ar": ("danger", "control", "check")}
KEY_PAGES_BACK = ("status", "answer-fault", "file-fault")
QUIET = {"danger": "no", "who": "other", "contact": "not_wanted"}
CODE = re.compile(r"\b[0-9]{4}(-[0-9]{4}){3}\b")
languages = pytest.mark.parametrize("tag", TAGS)


async def test_what_is_wrong_with_a_page_is_found(browser: Browser, address: str) -> None:
    async with window(browser, address, viewport=ZOOMED) as page:
        await page.set_content('<img src="x"><input><p style="width: 900px; color: #999">words</p>')
        assert {"image-alt", "label", "color-contrast"} <= {one.split(":")[0] for one in await violations(page)}
        assert await sideways(page) > 500


async def is_well(page: Page, name: str) -> None:
    assert await violations(page) == [], name
    assert await sideways(page) == 0, name


@languages
async def test_every_page_can_be_used_by_everyone(browser: Browser, form: Served, tag: str) -> None:
    """axe finds nothing, in the light and in the dark; nothing has to be scrolled sideways at 400 %."""
    async with window(browser, form.address, viewport=ZOOMED, color_scheme="dark" if tag == "ar" else "light") as page:
        for path in ("/", "/safety/short", "/safety/duty", "/none") if ALL or tag == "en" else ("/", "/safety/duty"):
            await page.goto(f"/{tag}{path}")
            await is_well(page, path)
        async for name in steps(page, tag, "duty" if tag == "ar" else "full"):
            if ALL or name in KEY_STEPS[tag]:
                await is_well(page, name)
        code = await send(page)
        await is_well(page, "sent")
        if not ALL and tag != "en":
            return
        await page.goto(f"/{tag}/back")
        await is_well(page, "back")
        await form.ask("Is she at the same place still?")
        async for after in coming_back(page, code):
            if ALL or after in KEY_PAGES_BACK:
                await is_well(page, after)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_has_to_be_mended_can_be_found_by_everyone(browser: Browser, address: str, scheme: str) -> None:
    async with window(browser, address, color_scheme=scheme) as page:
        await page.goto("/en/tell/short")
        await onward(page, "button[value=on]")
        await is_well(page, "fault")
        await expect(page).to_have_title(re.compile("^Please look again"))
        await page.get_by_role("alert").get_by_role("link").click()
        await expect(page.locator("#danger-yes")).to_be_focused()
        await onward(page, "button[value=on]")
        await page.go_back()
        await expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("view", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("tag", TAGS if ALL else ["en"])
async def test_each_way_leads_to_a_receipt(
    browser: Browser, form: Served, view: dict[str, int], script: bool, tag: str
) -> None:
    async with window(browser, form.address, viewport=view, java_script_enabled=script) as page:
        for way in ("short", "full", "duty") if ALL else ("duty" if script and view is DESK else "short",):
            await (to_check(page, tag, way) if script else walk_without_script(page, tag, way))
            code = await send(page)
            assert CODE.match(code)
            await page.reload()
            assert await receipt_code(page) == code
        if ALL:
            await form.ask("Is she at the same place still?")
            await page.goto(f"/{tag}/back")
            assert len([name async for name in coming_back(page, code)]) == 11


async def walk_without_script(page: Page, tag: str, way: str) -> None:
    await page.goto(f"/{tag}/tell/{way}")
    while (name := await page_name(page)) != "check":
        for radio in await page.locator("main input[type=radio]").all():
            await page.locator(f"label[for={await radio.get_attribute('id')}]").click()
        if name == "danger":
            await page.locator("label[for=danger-no]").click()
        async with page.expect_navigation():
            await page.locator("main button[value=on]").click()


async def test_the_form_can_be_filled_in_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    async with window(browser, address) as page:
        await page.goto("/en/tell/short")
        await page.keyboard.press("Tab")
        await expect(page.locator(".usa-skipnav")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("#main$"))
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("main").get_by_role("link", name="911")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowDown")  # from nothing chosen to the second: no
        await expect(page.locator("#danger-no")).to_be_checked()
        before = await page.locator("main").element_handle()
        await page.keyboard.press("Enter")
        await page.wait_for_function("before => !before.isConnected", arg=before)
        assert await page_name(page) == "who"


async def test_back_of_the_browser_shows_what_was_typed_and_keeps_it_nowhere(browser: Browser, address: str) -> None:
    async with window(browser, address) as page:
        await to_check(page, "en", "short", QUIET)
        for _ in range(2):
            await page.go_back()
        assert await page_name(page) == "place"
        assert await page.locator("#place").input_value() == TYPED
        kept = await page.evaluate(
            "[localStorage.length, sessionStorage.length, document.cookie, JSON.stringify(history.state)]"
        )
        assert kept[:3] == [0, 0, ""]
        assert len(kept[3]) < 20
        await page.go_forward()
        assert await page_name(page) == "contact"


@pytest.mark.parametrize("how", ["link", "shift", "link without script"])
async def test_one_leaves_at_once_and_nothing_typed_is_shown_again(browser: Browser, address: str, how: str) -> None:
    async with window(browser, address, java_script_enabled="without" not in how) as page:
        await page.goto("/en/tell/short")
        await fill(page, "danger", {"danger": "no"})
        await page.locator("main button[value=on]").click()
        await expect(page.locator("h1")).to_contain_text("Who do you want")
        if how == "shift":
            for _ in range(3):
                await page.keyboard.press("Shift")
        else:
            await page.locator("#leave").click()
        await page.wait_for_url(f"http://127.0.0.1:*{LANDING}")


async def test_the_language_changes_in_the_middle_of_the_form(browser: Browser, address: str) -> None:
    async with window(browser, address) as page:
        async for name in steps(page, "en", "short", QUIET):
            if name == "happening":
                break
        await page.locator("#happening").fill(TYPED)
        await onward(page, "button[formaction='/ar/tell']")
        assert await page.locator("html").get_attribute("dir") == "rtl"
        assert await page.locator("#happening").input_value() == TYPED


async def test_arabic_runs_from_right_to_left(browser: Browser, address: str) -> None:
    async with window(browser, address, viewport=PHONE) as page:
        await page.goto("/ar/tell/short")
        label = await page.locator("label[for=danger-yes]").bounding_box()
        heading = await page.locator("legend").bounding_box()
        assert label
        assert heading
        start = await page.evaluate("""() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector('label[for=danger-yes]'));
            return range.getBoundingClientRect().right;
        }""")
        assert PHONE["width"] / 2 < start < PHONE["width"] - 30  # the words begin at the right, beside their circle
        assert await page.locator("#leave").evaluate("it => it.getBoundingClientRect().left") < PHONE["width"] / 2


async def buttons_have_an_edge(page: Page) -> None:
    for button in await page.locator(".usa-button:not(.usa-button--link)").all():
        assert await button.evaluate("it => parseFloat(getComputedStyle(it).borderTopWidth)") >= 1


async def test_forced_colours_leave_every_button_an_edge(browser: Browser, form: Served) -> None:
    async with window(browser, form.address, forced_colors="active") as page:
        for path in ("/", "/safety/duty", "/none", "/back", "/tell/short") if ALL else ("/tell/short",):
            await page.goto(f"/en{path}")
            await buttons_have_an_edge(page)
        if ALL:
            async for _ in steps(page, "en", "full"):
                await buttons_have_an_edge(page)
            code = await send(page)
            await form.ask("Is she at the same place still?")
            await page.goto("/en/back")
            async for _ in coming_back(page, code):
                await buttons_have_an_edge(page)


async def test_print_shows_the_answers_without_the_buttons(browser: Browser, address: str) -> None:
    async with window(browser, address) as page:
        await to_check(page, "en", "short", QUIET)
        await page.emulate_media(media="print")
        await expect(page.get_by_text(TYPED).first).to_be_visible()
        assert [button for button in await page.locator("button, #leave").all() if await button.is_visible()] == []


async def test_answers_can_be_changed_from_the_check_page(browser: Browser, address: str) -> None:
    async with window(browser, address) as page:
        await to_check(page, "en", "short", QUIET)
        await onward(page, "button[value='change:town']")
        await page.locator("label[for=town-windsor]").click()
        await onward(page, "button[value=on]")
        assert await page_name(page) == "check"
        await expect(page.locator(".rows")).to_contain_text("Windsor")


async def test_in_a_throng_the_browser_solves_a_puzzle_and_sends_by_itself(browser: Browser, address: str) -> None:
    async with window(browser, address) as page, httpx.AsyncClient(base_url=address) as client:
        await to_check(page, "en", "short", QUIET)
        state = await page.locator("input[name=state]").input_value()
        sent = [await client.post("/en/send", data={"state": state}) for _ in range(PACES[Crowd.form].burst)]
        assert CODE.search(sent[0].text)
        await page.locator("button[value=send]").click()
        await expect(page.locator("h1")).to_have_text("We have it. Thank you.", timeout=30_000)
