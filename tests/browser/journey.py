"""Going through the form in a browser, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from playwright.async_api import Page, TimeoutError

from services.intake.pages.turn_to_send import PATIENCE

EVERYTHING = {"danger": "yes", "who": "work", "reporter": "healthcare", "type": "both", "age": "under_12", "contact": "phone"}
"""Choices that bring up as many questions as there are."""

TYPED = "Ana Example says that she may not leave. She is afraid of the man who drives the white van."


async def page_name(page: Page) -> str:
    """The step that the window shows: a question's id, `check`, `danger-told`; empty on other pages."""
    field = page.locator("main input[name=page]")
    return await field.input_value() if await field.count() else ""


async def steps(page: Page, language: str, way: str, choices: Mapping[str, str] = EVERYTHING) -> AsyncIterator[str]:
    """Every step of a way up to the check page, each filled in before the next."""
    await page.goto(f"/{language}/tell/{way}")
    for _ in range(40):
        name = await page_name(page)
        yield name
        if name == "check":
            return
        await fill(page, name, choices)
        await onward(page, "main button[value=on]")
    raise AssertionError("the form has no end")


async def fill(page: Page, name: str, choices: Mapping[str, str]) -> None:
    """Answers the question that is shown."""
    radios = page.locator(f"input[type=radio][name={name}]")
    if await radios.count():
        wanted = page.locator(f"#{name}-{choices.get(name, '')}")
        chosen = wanted if name in choices and await wanted.count() else radios.first
        await page.locator(f"label[for={await chosen.get_attribute('id')}]").click()
    for typed in await page.locator("main textarea, main input.usa-input").all():
        await typed.fill(TYPED if await typed.evaluate("it => it.tagName") == "TEXTAREA" else "860-555-0100")


async def onward(page: Page, button: str) -> None:
    """Presses a button and waits for the next page in its place."""
    before = await page.locator("main").element_handle()
    assert before
    await page.locator(button).first.click()
    await page.wait_for_function("before => !before.isConnected", arg=before)


async def send(page: Page) -> str:
    """Sends what is on the check page, and gives the receipt code."""
    await press(page, "button[value=send]")
    return await receipt_code(page)


async def receipt_code(page: Page) -> str:
    """The code on the page after sending. Where that page asks for patience first, as many write, it is given."""
    if await page.locator("#waiting").count():
        try:  # a script sends by itself once it has solved the puzzle; who has none waits, and presses the button
            await page.locator(".big").last.wait_for(timeout=1000 * PATIENCE.total_seconds())
        except TimeoutError:
            await press(page, "#waiting button")
    return await page.locator(".big").last.inner_text()


async def press(page: Page, button: str) -> None:
    """Presses a button that leads to another page without our script."""
    async with page.expect_navigation():
        await page.locator(button).first.click()


_UP_TO_A_FAULT = {"status": "main button", "answer": "button[value^=answer]", "answer-fault": "button[value=send]"}
_TO_THE_END = {"unsafe": "button[value=unsafe]", "take-back": "button[value=ask]", "taken-back": "button[value=withdraw]"}


async def coming_back(page: Page, code: str) -> AsyncIterator[str]:
    """Every page of those who come back, after the one that asks for the code; a question waits for them."""
    await page.locator("#code").fill(code)
    for name, button in _UP_TO_A_FAULT.items():
        await press(page, button)
        yield name
    await page.locator("#words").fill(TYPED)
    await press(page, "button[value=send]")
    yield "added"
    await press(page, "button[value=see]")
    await press(page, "button[value=tell]")
    yield "tell-more"
    await press(page, "button[value=see]")
    await press(page, "button[value=file]")
    yield "file"
    await press(page, "button[value=send]")
    yield "file-fault"
    await page.locator("#file").set_input_files({"name": "list.txt", "mimeType": "text/plain", "buffer": TYPED.encode()})
    await press(page, "button[value=send]")
    yield "file-added"
    await press(page, "button[value=see]")
    for name, button in _TO_THE_END.items():
        await press(page, button)
        yield name


async def to_check(page: Page, language: str, way: str, choices: Mapping[str, str] = EVERYTHING) -> None:
    """The check page."""
    async for _ in steps(page, language, way, choices):
        pass
