"""The description of the routes of messages."""

from typing import Any

from services.intake.openapi import GUARDED, problem
from shared.problems import ProblemKind

WAITING: dict[str, Any] = {
    "summary": "Whose words wait for the coordinator",
    "description": "Referrals whose reporter came back and wrote something that the coordinator has not read, the longest "
    "waiting first. For the coordinator.",
    "responses": {status: answer for status, answer in GUARDED.items() if status not in (404, 422)},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for the list of what waits."""

READ_MESSAGES: dict[str, Any] = {
    "summary": "Read what the coordinator and the reporter wrote to each other",
    "description": "For the coordinator, and for supervisors of agencies that the referral is assigned to now. Each reading is "
    "written down, with its purpose, before it is answered.",
    "responses": GUARDED | {410: problem(ProblemKind.gone)},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for reading messages."""

ASK: dict[str, Any] = {
    "status_code": 201,
    "summary": "Ask the reporter a question",
    "description": "Nobody is called or written to: the reporter sees it when they come back with their code. Whoever holds "
    "the code sees it, so it may hold no name and nothing that was told.",
    "response_description": "The question, as it is kept",
    "responses": GUARDED
    | {
        400: problem(ProblemKind.malformed_json),
        409: problem(ProblemKind.conflict),
        410: problem(ProblemKind.gone),
        413: problem(ProblemKind.body_too_large),
        415: problem(ProblemKind.wrong_media_type),
    },
    "openapi_extra": {
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Question"}}},
        },
    },
}
"""The same for asking."""
