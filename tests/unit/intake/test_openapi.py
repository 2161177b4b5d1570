"""The API description says what the API does."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from services.intake.example import REFERRAL
from services.intake.parsing import parse
from shared.problems import ProblemKind

NOT_OF_THIS_ROUTE = {
    ProblemKind.not_found,
    ProblemKind.method_not_allowed,
    ProblemKind.conflict,
    ProblemKind.gone,
    ProblemKind.changed_since,
    ProblemKind.match_required,
}
"""Those of addresses that do not exist, and those of other routes."""


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def references(value: Any) -> list[str]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value["$ref"]] if isinstance(value, dict) and "$ref" in value else []
    return own + [reference for child in children for reference in references(child)]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = references(document)
    assert "#/components/schemas/Submission" in found
    assert {reference.rsplit("/", 1)[1] for reference in found} <= document["components"]["schemas"].keys()


def test_the_example_fits_the_description_and_the_code(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/referrals"]["post"]["requestBody"]["content"]["application/json"]
    example = content["examples"]["referral"]["value"]
    assert example == REFERRAL
    assert list(validator(document, "Submission").iter_errors(example)) == []
    assert parse(json.dumps(example).encode(), (), 2026).details is not None


def test_the_description_refuses_what_the_code_refuses(document: dict[str, Any]) -> None:
    check = validator(document, "Submission")
    assert not check.is_valid({"facts": {"reporter": "unrecognized"}})
    assert not check.is_valid({"facts": {"reporter": "self", "more": 1}})
    assert not check.is_valid({"facts": {}})


def test_every_problem_that_the_route_can_answer_is_described(document: dict[str, Any]) -> None:
    responses = document["paths"]["/api/v1/referrals"]["post"]["responses"]
    described = {status: answer["description"] for status, answer in responses.items() if status != "202"}
    for kind in ProblemKind:
        if kind not in NOT_OF_THIS_ROUTE:
            assert kind.type in described[str(kind.status)]


async def test_a_problem_fits_its_description(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    answer = await client.post("/api/v1/referrals", json={})
    assert answer.status_code == 422
    assert list(validator(document, "ProblemDetails").iter_errors(answer.json())) == []
