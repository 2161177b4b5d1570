"""Nothing that is sent comes back in an error, a log line or a metric."""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY, generate_latest

from services.intake.example import REFERRAL
from shared.answers import SAFE_HEADERS
from shared.service import Service

MARK = "Zanzibar-Quux"
JSON = {"content-type": "application/json"}
PLACE = tuple[str | int, ...]


def places(value: Any, here: PLACE = ()) -> list[PLACE]:
    """The path of everything in a body, containers too."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, child in children for place in places(child, (*here, key)))]


def put(body: Any, place: PLACE, value: Any) -> Any:
    """A copy of the body with `value` at a place."""
    if not place:
        return value
    changed = copy.deepcopy(body)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


marks = st.sampled_from(
    [MARK, MARK * 500, [MARK], {MARK: MARK}, {"facts": MARK}, [[{MARK: [MARK]}]], MARK.lower(), f"2012-02-{MARK}", {"": MARK}]
)
bad_bodies = st.tuples(st.sampled_from(places(REFERRAL)), marks).map(lambda drawn: put(REFERRAL, *drawn))
unknown_names = st.sampled_from(
    [p for p in places(REFERRAL) if p in ((), ("facts",), ("details",), ("details", "victim"))]
).map(lambda place: put(REFERRAL, (*place, MARK), MARK))
broken = st.integers(1, 400).map(lambda cut: json.dumps(put(REFERRAL, ("details", "narrative"), MARK))[:-cut])


def assert_tells_nothing(answer: httpx.Response, logs: list[Any]) -> None:
    told = answer.text + repr(answer.headers) + repr(logs) + generate_latest().decode()
    assert MARK.lower() not in told.lower()
    assert set(SAFE_HEADERS) <= set(answer.headers.raw)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bad_bodies | unknown_names, invalid=st.sampled_from(["no_such_term", 7, None]))
async def test_no_field_of_a_bad_body_comes_back(client: httpx.AsyncClient, body: Any, invalid: Any) -> None:
    if isinstance(body, dict) and isinstance(body.get("facts"), dict):
        body["facts"]["reporter"] = invalid  # so that the body is refused wherever the mark is
    with structlog.testing.capture_logs() as logs:
        answer = await client.post("/api/v1/referrals", json=body, headers={"idempotency-key": "k" * 16})
    assert answer.status_code in (413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert_tells_nothing(answer, logs)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=broken)
async def test_nothing_of_malformed_json_comes_back(client: httpx.AsyncClient, raw: str) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await client.post("/api/v1/referrals", content=raw, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:rhtrt:problem:malformed-json"
    assert_tells_nothing(answer, logs)


GOOD = json.dumps(REFERRAL).encode()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("POST", "/api/v1/referrals", {"content-type": f"text/{MARK}"}, GOOD), 415),
        (("POST", "/api/v1/referrals", {}, GOOD), 415),
        (("POST", "/api/v1/referrals", JSON | {"content-encoding": MARK}, GOOD), 415),
        (("POST", "/api/v1/referrals", JSON | {"idempotency-key": MARK}, GOOD), 422),
        (("POST", "/api/v1/referrals", JSON | {"idempotency-key": f"{MARK} with spaces"}, GOOD), 422),
        (("POST", "/api/v1/referrals", JSON | {"idempotency-key": MARK * 9}, GOOD), 422),
        (("POST", "/api/v1/referrals", JSON | {"content-length": "9999"}, GOOD), 413),
        (("POST", "/api/v1/referrals", JSON, MARK.encode() * 1000), 413),
        (("DELETE", f"/api/v1/referrals?q={MARK}", {}, b""), 405),
        (("GET", f"/{MARK}", {}, b""), 404),
    ],
)
async def test_nothing_of_a_refused_request_comes_back(
    client: httpx.AsyncClient, request_: tuple[str, str, dict[str, str], bytes], status: int
) -> None:
    method, path, headers, content = request_
    with structlog.testing.capture_logs() as logs:
        answer = await client.request(method, path, headers=headers, content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() >= {"type", "title", "status", "detail"}
    assert_tells_nothing(answer, logs)


async def test_no_more_than_the_limit_is_read_of_a_body_without_end(service: Service) -> None:
    given = 0
    started: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal given
        given += 1024
        return {"type": "http.request", "body": b" " * 1024, "more_body": True}

    async def send(message: Any) -> None:
        started.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/v1/referrals", "query_string": b"", "root_path": ""}
    await service.http(scope | {"headers": [(b"content-type", b"application/json")]}, receive, send)
    assert started[0]["status"] == 413
    assert given <= 4096 + 1024


async def test_a_refusal_is_counted_by_its_kind(client: httpx.AsyncClient) -> None:
    def refused() -> float:
        return REGISTRY.get_sample_value("intake_requests_refused_total", {"reason": "malformed_json"}) or 0.0

    before = refused()
    await client.post("/api/v1/referrals", content=b"{", headers=JSON)
    assert refused() == before + 1


async def test_an_error_that_nobody_expected_tells_whom_to_call_and_nothing_else(
    service: Service, client: httpx.AsyncClient
) -> None:
    @service.http.get("/fails")
    async def fails() -> None:
        raise RuntimeError(MARK)

    with structlog.testing.capture_logs() as logs:
        answer = await client.get("/fails")
    assert answer.status_code == 500
    assert "860-566-3190 ext. 3128" in answer.json()["detail"]
    assert answer.json()["call"] == {"taskforce": "860-566-3190 ext. 3128", "danger": "911"}
    assert MARK not in answer.text
    assert [line["event"] for line in logs] == ["request_failed"]
    assert set(SAFE_HEADERS) <= set(answer.headers.raw)


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/openapi.json"])
async def test_every_other_answer_has_the_safe_headers_too(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert set(SAFE_HEADERS) <= set(answer.headers.raw)
