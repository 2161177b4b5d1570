"""The form's pages over HTTP, without a browser and with nothing behind them."""

from __future__ import annotations

import gzip
import re
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.intake.messages.letter import Letter, letter_seal
from services.intake.seal import Seal
from services.intake.visits.routes import visit_note
from shared.clock import now
from shared.pages import LANGUAGES
from shared.vocabulary import Reporter
from tests.unit.intake.pages.walk import filled, heading, hidden, to_the_end

NAME = "Ana Example"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
ADDRESSES = [
    ("GET", "/"),
    ("GET", "/leave"),
    ("GET", "/en/"),
    ("GET", "/en/safety/full"),
    ("GET", "/en/tell/full"),
    ("GET", "/en/tell/none"),
    ("GET", "/en/back"),
    ("POST", "/en/back"),
    ("POST", "/en/back/change"),
    ("POST", "/en/back/words"),
    ("POST", "/en/back/words/send"),
    ("POST", "/en/back/file"),
    ("POST", "/en/back/file/send"),
    ("GET", "/en/none"),
    ("PUT", "/en/tell"),
    ("POST", "/en/tell"),
    ("POST", "/en/send"),
    ("GET", "/none"),
    ("POST", "/api/v1/referrals"),
]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_every_answer_has_the_safe_headers(form: httpx.AsyncClient, method: str, address: str) -> None:
    answer = await form.request(method, address)
    assert {name: answer.headers[name][: len(value)] for name, value in HEADERS.items()} == HEADERS
    assert "set-cookie" not in answer.headers
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_database_outage_at_the_end_shows_what_was_typed_and_whom_to_call(form: httpx.AsyncClient) -> None:
    page = await to_the_end(form, "full", happening=f"{NAME} is locked in")
    before = REGISTRY.get_sample_value("intake_requests_refused_total", {"reason": "unavailable"})
    answer = await form.post("/en/send", data={"state": hidden(page, "state")})
    assert answer.status_code == 503
    assert f"{NAME} is locked in" in answer.text
    assert 'href="tel:860-566-3190;ext=3128"' in answer.text
    assert hidden(answer.text, "page") == "check"
    assert before is not None
    assert REGISTRY.get_sample_value("intake_requests_refused_total", {"reason": "unavailable"}) == before + 1


async def test_a_missing_answer_is_said_at_the_top_and_at_the_field(form: httpx.AsyncClient) -> None:
    page = (await form.get("/en/tell/short")).text
    answer = await form.post("/en/tell", data={"state": hidden(page, "state"), "page": "danger", "do": "on"})
    assert answer.status_code == 422
    assert answer.text.index('href="#danger-yes"') < answer.text.index('id="danger-fault"')


async def test_the_language_changes_in_the_middle_and_what_was_typed_stays(form: httpx.AsyncClient) -> None:
    page = (await form.get("/en/tell/short")).text
    for _ in range(3):
        page = (await form.post("/en/tell", data=filled(page, {}) | {"do": "on"})).text
    answer = await form.post("/ar/tell", data=filled(page, {"happening": NAME}) | {"do": "again"})
    assert 'dir="rtl"' in answer.text
    assert NAME in answer.text


async def test_too_much_in_all_keeps_what_was_typed(form: httpx.AsyncClient) -> None:
    page = await to_the_end(form, "duty", happening="\u00e9" * 8_000, age="under_12")
    for name, size in (("harm", 4_000), ("done", 2_000), ("learned", 2_000), ("parents", 1_500), ("place", 2_000)):
        page = (
            await form.post("/en/tell", data={"state": hidden(page, "state"), "page": "check", "do": f"change:{name}"})
        ).text
        answer = await form.post("/en/tell", data=filled(page, {name: "\U0001f6d1" * size}) | {"do": "on"})
        page = answer.text
    assert answer.status_code in (200, 422)
    assert "\U0001f6d1" * 10 in page


@pytest.mark.parametrize("path", ["/en/tell", "/en/send"])
async def test_a_page_that_is_not_ours_is_answered_with_what_to_do(form: httpx.AsyncClient, path: str) -> None:
    answer = await form.post(path, data={"state": "x" * 90, "page": "who", "do": "on", "who": NAME})
    assert answer.status_code == 400
    assert NAME not in answer.text
    assert heading(answer.text) == "This page is too old"


async def test_a_body_beyond_the_limit_is_refused_before_it_is_kept(form: httpx.AsyncClient) -> None:
    answer = await form.post("/en/tell", data={"state": "x" * 300_000})
    assert answer.status_code == 413
    assert heading(answer.text) == "That was too long"


fields = st.sampled_from(["state", "page", "do", "danger", "who", "happening", "code", "words", "reason"])
SEAL = Seal(b"only for tests, never for people 0123456789")
MINE = Letter(UUID(int=1), UUID(int=2), UUID(int=3))
PATHS = ["/", "/leave", "/en/", "/en/tell", "/en/send", "/en/back", "/ar/tell", "/ar/back/change", "/en/tell/full"]
PATHS += ["/static/x/site.css"]
PATHS += [f"/pl/back/{what}" for what in ("words", "words/send", "file", "file/send")]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT"]),
    path=st.sampled_from(PATHS)
    | st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="?#")).map(lambda some: f"/en/{some}"),
    body=st.dictionaries(fields, st.text(max_size=60)),
    file=st.none() | st.tuples(st.text(max_size=20), st.binary(max_size=60)),
)
async def test_no_request_makes_the_form_fail(
    form: httpx.AsyncClient, method: str, path: str, body: dict[str, str], file: tuple[str, bytes] | None
) -> None:
    """With what is really ours in it, the database may be asked, which is away here: then the answer says so."""
    if "who" in body or file:
        body["state"] = hidden((await form.get("/en/tell/full")).text, "state")
        body["note"] = visit_note(SEAL).close(MINE.referral.bytes, now())
        body["letter"] = letter_seal(SEAL).close(MINE.pack(), now())
    data = {key: value.encode(errors="replace").decode() for key, value in body.items()}
    answer = await form.request(method, path, data=data, files={"file": file} if file else None)
    assert answer.status_code < 500 or (answer.status_code == 503 and path.partition("/back")[1])


async def test_nothing_that_was_typed_is_logged(
    form: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await to_the_end(form, "full", happening=NAME, contact="phone", my_phone="860-555-0100", person_name=NAME)
    await form.post("/en/send", data={"state": hidden(page, "state")})
    written = caplog.text + "".join(capsys.readouterr())
    assert NAME not in written
    assert "0100" not in written
    assert hidden(page, "state")[:40] not in written


async def test_a_page_with_all_it_needs_weighs_less_than_60_kilobytes(form: httpx.AsyncClient) -> None:
    page = await form.get("/en/tell/full")
    parts = re.findall(r'(?:href|src)="(/static/[^"]*)"', page.text)
    sizes = [len(gzip.compress((await form.get(part)).content)) for part in {*parts}]
    assert len(sizes) >= 5
    assert sum(sizes) + len(gzip.compress(page.content)) < 60_000


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.tag)
async def test_every_page_is_there_in_every_language(form: httpx.AsyncClient, language: object) -> None:
    tag = language.tag  # type: ignore[attr-defined]
    assert (await form.get(f"/{tag}/")).status_code == 200
    end = await to_the_end(form, "duty", tag, danger="yes", reporter=Reporter.healthcare)
    assert f'lang="{tag}"' in end


async def test_the_door_leads_to_the_browsers_language(form: httpx.AsyncClient) -> None:
    answer = await form.get("/", headers={"accept-language": "es-PR,es;q=0.9"})
    assert answer.headers["location"] == "/es/"
