"""The description of the desk's API. Commands are validated from their bytes, so FastAPI has to be told their shapes."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from services.routing.commands.catalogue import NAMES
from services.routing.commands.forms import Command
from services.routing.desk.examples import EXAMPLES
from shared.problems import MEDIA_TYPE, ProblemDetails, ProblemKind

_REF = "#/components/schemas/{model}"
_READING = (ProblemKind.unauthorized, ProblemKind.forbidden, ProblemKind.not_found, ProblemKind.invalid)
_COMMANDING = (
    ProblemKind.malformed_json,
    *_READING,
    ProblemKind.conflict,
    ProblemKind.changed_since,
    ProblemKind.body_too_large,
    ProblemKind.wrong_media_type,
    ProblemKind.key_reused,
    ProblemKind.match_required,
)
_ALWAYS = (ProblemKind.internal, ProblemKind.unavailable)


def _problems(*kinds: ProblemKind) -> dict[int | str, dict[str, Any]]:
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in (*kinds, *_ALWAYS):
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _described(found) for status, found in sorted(by_status.items())}


def _described(kinds: list[ProblemKind]) -> dict[str, Any]:
    text = " / ".join(f"{kind.title} (`{kind.type}`)" for kind in kinds)
    return {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDetails")}}}}


READING = _problems(*_READING)


def commanding(name: str, command: type[Command]) -> dict[str, Any]:
    """FastAPI's arguments for the route of a command."""
    body = {
        "schema": {"$ref": _REF.format(model=command.__name__)},
        "examples": {name: {"value": EXAMPLES[name]}},
    }
    return {
        "summary": (command.__doc__ or "").partition("\n")[0],
        "operation_id": name,
        "response_description": "Done, or done before with this Idempotency-Key",
        "responses": _problems(*_COMMANDING),
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": body}}},
    }


def describe(http: FastAPI) -> None:
    """Completes the application's OpenAPI document: the commands' models, and how one signs in."""
    generate = http.openapi

    def complete() -> dict[str, Any]:
        if http.openapi_schema is None:
            document = generate()
            models: list[tuple[Any, Any]] = [(command, "validation") for command in dict.fromkeys(NAMES.values())]
            _, found = models_json_schema([*models, (ProblemDetails, "serialization")], ref_template=_REF)
            document["components"]["schemas"] |= found["$defs"]
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
            document["security"] = [{"token": []}]
        return generate()

    http.openapi = complete  # type: ignore[method-assign]  # as FastAPI's manual has it
