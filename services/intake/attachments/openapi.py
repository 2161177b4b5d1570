"""The description of the routes of files."""

from typing import Any

from services.intake.openapi import GUARDED, problem
from shared.problems import ProblemKind

_FILE_READ = GUARDED | {409: problem(ProblemKind.conflict), 410: problem(ProblemKind.gone)}


def _file(*media_types: str) -> dict[str, Any]:
    content = {name: {"schema": {"type": "string", "format": "binary"}} for name in media_types}
    return {"description": "The file", "content": content}


ADD_FILE: dict[str, Any] = {
    "status_code": 201,
    "summary": "Add a file to a referral",
    "description": "For the system that sent it, with the scope `referrals:send`. Answers 201 when the file is stored for "
    "good. Kinds are told by content, and listed with the limits in config/attachments.yaml.",
    "response_description": "The file is stored safely",
    "responses": GUARDED
    | {
        409: problem(ProblemKind.conflict),
        413: problem(ProblemKind.body_too_large),
        415: problem(ProblemKind.wrong_media_type),
        422: problem(ProblemKind.invalid, ProblemKind.key_reused),
    },
    "openapi_extra": {
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            "file": {"type": "string", "format": "binary", "description": "one file, with its name"}
                        },
                    }
                }
            },
        },
    },
}
"""FastAPI's arguments for the route that takes a file."""

LIST_FILES: dict[str, Any] = {
    "summary": "List a referral's files",
    "description": "For people of the agencies that the referral is assigned to now. It is written down before it is answered.",
    "responses": GUARDED | {410: problem(ProblemKind.gone)},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for lists of files."""

READ_FILE: dict[str, Any] = {
    "summary": "Read a file",
    "description": "A picture comes as a JPEG that was drawn anew and says nothing of where and when it was taken; any other "
    "file comes as it is. It is written down, with its purpose, before the first byte.",
    "responses": _FILE_READ | {200: _file("image/jpeg", "application/pdf", "text/plain")},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for the one that gives out a file."""

READ_ORIGINAL: dict[str, Any] = {
    "summary": "Read a file exactly as it came",
    "description": "With all that a camera wrote into it, such as place and time. For those whom config/details.yaml gives "
    "`originals`, with a purpose of its own.",
    "responses": _FILE_READ | {200: _file("image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain")},
    "openapi_extra": {"security": [{"token": []}]},
}
"""The same for the original."""
