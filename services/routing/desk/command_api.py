"""Taking a command over HTTP: who, on which version, what, and whether it came before."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from services.routing.commands.authorization import Actor, may_ever
from services.routing.commands.catalogue import agencies_named
from services.routing.commands.conduct import Order
from services.routing.commands.forms import Command
from services.routing.desk.carry_out import CarryOut
from services.routing.desk.desk import Desk
from services.routing.desk.problems import commanding, etag, forbidden, invalid, not_an_agency
from services.routing.desk.remembered import order_id, sent
from services.routing.rules.book import RuleBook
from shared.body import read_json
from shared.fixes import fixes
from shared.problems import Problem, ProblemKind

_BODY_LIMIT = 8 * 1024
_VERSION = re.compile(r'"([0-9]{1,9})"')
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=16,
        max_length=64,
        pattern="^[!-~]+$",
        description="A new one for each command, for example a random UUID; with the same one again it is done once",
    ),
]
IfMatch = Annotated[str | None, Header(description='The ETag of the referral that was looked at, such as `"7"`')]


def take_command(desk: Desk, who: Any, name: str, kind: type[Command]) -> Callable[..., Awaitable[JSONResponse]]:
    """The endpoint of one command. `who` is FastAPI's dependency that gives the Actor."""
    carry_out = CarryOut(desk)

    async def take(
        referral_id: UUID,
        request: Request,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
        actor: Actor = who,
    ) -> JSONResponse:
        if not may_ever(actor, kind):
            raise forbidden()
        looked_at = _version(if_match)
        body = await read_json(request, _BODY_LIMIT)
        command = _parse(kind, body, desk.book)
        came = sent(actor.subject, idempotency_key, name, body)
        order = Order(actor, command, order_id(referral_id, came))
        done = await commanding(carry_out(referral_id, order, looked_at, came))
        return JSONResponse(dict(done), headers={"ETag": etag(done["version"])})

    return take


def _version(if_match: str | None) -> int:
    found = _VERSION.fullmatch(if_match or "")
    if found is None:
        detail = "Send the header If-Match with the ETag of the referral as you looked at it, in its quotes."
        raise Problem(ProblemKind.match_required, detail)
    return int(found[1])


def _parse(kind: type[Command], body: bytes, book: RuleBook) -> Command:
    try:
        command: Command = kind.model_validate_json(body, strict=True)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        if errors[0]["type"] == "json_invalid":
            raise Problem(ProblemKind.malformed_json, "Send a body that is valid JSON, in UTF-8.") from None
        raise invalid(fixes(errors)) from None
    unknown = [field for field, agency in agencies_named(command) if agency not in book.kinds]
    if unknown:
        raise invalid([not_an_agency(field, book.kinds) for field in unknown])
    return command
