"""Reading what a page posts."""

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.intake.pages.typed import Form


async def read_form(request: Request, limit: int) -> Form:
    """The body's fields. HTTPException 413, 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413)
    try:
        return parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=200, errors="replace")
    except ValueError:
        raise HTTPException(400) from None


def first_of(sent: Form, name: str) -> str:
    """A field's first value; empty where it was not sent."""
    return next(iter(sent.get(name, ())), "")
