"""Reading a request's body: JSON only, and never more of it than the limit.

Starlette's own body limit answers in plain text where the length is declared, so the dozen lines are here.
"""

from starlette.requests import Request

from shared.problems import Problem, ProblemKind


async def read_json(request: Request, limit: int) -> bytes:
    """The body's bytes. Problem: wrong_media_type, body_too_large (before more than `limit` bytes are kept)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(ProblemKind.wrong_media_type, "Send JSON, with the header Content-Type: application/json.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(ProblemKind.wrong_media_type, "Send the body without compression.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Problem:
    return Problem(ProblemKind.body_too_large, f"Send at most {limit} bytes. Shorten the narrative; more can be told later.")
