"""The file in a posted form (multipart/form-data, RFC 7578), read as it comes: neither it nor its name is kept on the way."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import Request

from shared.problems import Problem, ProblemKind

AROUND = 16 * 1024
"""Bytes of a body that are not the file: its other fields and the lines between them."""
_FIELDS = 4 * 1024


@dataclass(frozen=True, slots=True)
class PostedFile:
    """`fields`: what stood before the file, by name. `content`: to be read once, to its end."""

    fields: Mapping[str, str]
    name: str
    content: AsyncIterator[bytes]


async def posted_file(request: Request, most: int) -> PostedFile:
    """The form's first file. Its other fields come before it, as a browser sends them in their order on the page.

    `most`: bytes of the file. Problem: wrong_media_type, body_too_large, invalid; reading the content raises them too.
    """
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "multipart/form-data" or not options.get("boundary"):
        raise Problem(ProblemKind.wrong_media_type, "Send a form with the file: Content-Type: multipart/form-data.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most + AROUND:
        raise too_large(most)
    events = _events(request, options["boundary"], most)
    fields: dict[str, str] = {}
    async for event in events:
        if isinstance(event, MultipartSegment):
            if event.filename is not None:
                return PostedFile(fields, event.filename, _content(events))
            fields[event.name] = await _text(events)
    raise _malformed()


async def _events(request: Request, boundary: str, most: int) -> AsyncIterator[MultipartSegment | bytes | None]:
    """What the parser makes of the body: a segment's head, then its bytes, then None; never more than a body may have."""
    left = most + AROUND
    try:
        with PushMultipartParser(boundary, max_segment_count=10, strict=True) as parser:
            async for piece in request.stream():
                left -= len(piece)
                if left < 0:
                    raise too_large(most)
                for event in parser.parse(piece) if piece else ():
                    yield event
    except (MultipartError, UnicodeDecodeError):
        raise _malformed() from None


async def _content(events: AsyncIterator[MultipartSegment | bytes | None]) -> AsyncIterator[bytes]:
    """The file; and then the rest of the body, so that a file that was cut off is not taken for a whole one."""
    in_file = True
    async for event in events:
        in_file = in_file and event is not None
        if in_file and isinstance(event, bytes | bytearray):
            yield bytes(event)


async def _text(events: AsyncIterator[MultipartSegment | bytes | None]) -> str:
    """A field's value."""
    value = b""
    async for event in events:
        if not isinstance(event, bytes | bytearray):
            break
        value += event
        if len(value) > _FIELDS:
            raise _malformed()
    return value.decode("utf-8", errors="replace")


def too_large(most: int) -> Problem:
    """What is answered to a file of more bytes than that."""
    detail = f"A file may have at most {most} bytes. Send a smaller picture, or the document in parts."
    return Problem(ProblemKind.body_too_large, detail)


def _malformed() -> Problem:
    detail = "The body is not a whole form with a file. Send it again, with the file in a field called file."
    return Problem(ProblemKind.invalid, detail)
