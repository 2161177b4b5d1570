"""The description of the API. The body is validated from its bytes, so FastAPI has to be told its shape."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.intake.example import REFERRAL
from services.intake.submission import Submission
from shared.problems import MEDIA_TYPE, ProblemDetails, ProblemKind

_REF = "#/components/schemas/{model}"


def problem(*kinds: ProblemKind) -> dict[str, Any]:
    """One answer of a description: these kinds of problem, which have one status."""
    schema = {"$ref": _REF.format(model="ProblemDetails")}
    described = " / ".join(f"{kind.title} (`{kind.type}`)" for kind in kinds)
    return {"description": described, "content": {MEDIA_TYPE: {"schema": schema}}}


GUARDED: dict[int | str, dict[str, Any]] = {
    401: problem(ProblemKind.unauthorized),
    403: problem(ProblemKind.forbidden),
    404: problem(ProblemKind.not_found),
    422: problem(ProblemKind.invalid),
    500: problem(ProblemKind.internal),
    503: problem(ProblemKind.unavailable),
}
"""What every guarded route may answer."""

RECEIVE: dict[str, Any] = {
    "status_code": 202,
    "summary": "Send a referral",
    "description": "Answers 202 when the referral is stored for good. Sharing it with the agencies follows by itself. "
    "Everybody may send one; a system that signs in, with the scope `referrals:send`, can ask later how far it is.",
    "response_description": "The referral is stored safely",
    "responses": {
        400: problem(ProblemKind.malformed_json),
        401: problem(ProblemKind.unauthorized),
        403: problem(ProblemKind.forbidden),
        413: problem(ProblemKind.body_too_large),
        415: problem(ProblemKind.wrong_media_type),
        422: problem(ProblemKind.invalid, ProblemKind.key_reused),
        500: problem(ProblemKind.internal),
        503: problem(ProblemKind.unavailable),
    },
    "openapi_extra": {
        "security": [{}, {"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": _REF.format(model="Submission")},
                    "examples": {"referral": {"summary": "A neighbor tells of a child at work", "value": REFERRAL}},
                }
            },
        },
    },
}
"""FastAPI's arguments for the route that takes a referral."""

STATUS: dict[str, Any] = {
    "summary": "How far a referral is",
    "description": "For the system that sent it, with the scope `referrals:status`.",
    "responses": GUARDED,
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for the one that says how far a referral is."""

DUPLICATES: dict[str, Any] = {
    "summary": "Which referrals may tell of the same person",
    "description": "For the coordinator. Ids, a score and reasons: whether they are the same is for people to decide.",
    "responses": {status: answer for status, answer in GUARDED.items() if status != 404},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for possible duplicates."""

READ: dict[str, Any] = {
    "summary": "Read a referral's details",
    "description": "For people of the agencies that the referral is assigned to now. Each reading is written down, with its "
    "purpose, before it is answered.",
    "responses": GUARDED | {410: problem(ProblemKind.gone)},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for the one that gives details out."""


def describe(http: FastAPI, *models: type[BaseModel]) -> None:
    """Completes the application's OpenAPI document with the models that only we validate: the submission, and these."""
    generate = http.openapi

    def complete() -> dict[str, Any]:
        if http.openapi_schema is None:
            document = generate()
            checked: list[type[BaseModel]] = [Submission, *models]
            _, schemas = models_json_schema(
                [*((model, "validation") for model in checked), (ProblemDetails, "serialization")], ref_template=_REF
            )
            document["components"]["schemas"] |= schemas["$defs"]
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        return generate()

    http.openapi = complete  # type: ignore[method-assign]  # as FastAPI's manual has it
