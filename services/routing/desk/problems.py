"""What the desk's API answers where it cannot do what was asked, and how it writes times and versions."""

from collections.abc import Awaitable, Iterable
from typing import Any
from uuid import UUID

from services.routing.commands.refusal import ADVICE
from services.routing.desk.carry_out import Changed, NotAllowed, Refused, Unseen
from services.routing.desk.remembered import KeyReused
from shared.delivery.errors import Transient, Unavailable
from shared.mongo import UNAVAILABLE
from shared.problems import Fix, Problem, ProblemKind


async def reading(work: Awaitable[Any]) -> Any:
    """Waits for what is read. Problem where the database is away."""
    try:
        return await work
    except (Unavailable, *UNAVAILABLE):
        raise unavailable() from None


async def commanding(work: Awaitable[Any]) -> Any:
    """Waits for a command. Problem where it is not carried out, with what to do."""
    try:
        return await work
    except Unseen:
        raise unseen() from None
    except NotAllowed:
        raise forbidden() from None
    except Changed as found:
        raise changed(found) from None
    except Refused as refused:
        members = {"reason": refused.reason.value}
        raise Problem(ProblemKind.conflict, ADVICE[refused.reason], members=members) from None
    except KeyReused:
        detail = "Use a new Idempotency-Key for a new command, or send the first one unchanged."
        raise Problem(ProblemKind.key_reused, detail) from None
    except (Unavailable, Transient, *UNAVAILABLE):
        raise unavailable() from None


def changed(found: Changed) -> Problem:
    """Somebody was quicker: what happened since."""
    detail = "Look at what happened since, and decide again."
    members = {"version": found.version, "since": plain(found.since)}
    return Problem(ProblemKind.changed_since, detail, members=members, headers={"ETag": etag(found.version)})


def unseen() -> Problem:
    """The same whether it exists or not."""
    return Problem(ProblemKind.not_found, "There is no referral with this id that you have a part in.")


def forbidden() -> Problem:
    """The role does not go so far."""
    return Problem(ProblemKind.forbidden, "Ask somebody whose role allows it: see docs/desk-api.md for who may do what.")


def unavailable() -> Problem:
    """Nobody knows whether it was done."""
    detail = "The database does not answer. A command may have been done: send it again with the same Idempotency-Key."
    return Problem(ProblemKind.unavailable, detail, headers={"Retry-After": "15"})


def invalid(errors: list[Fix]) -> Problem:
    """What to mend."""
    return Problem(ProblemKind.invalid, "Change what is listed under errors and send it again.", errors=errors)


def not_an_agency(field: str, agencies: Iterable[str]) -> Fix:
    """Which agencies there are."""
    return Fix(field=field, fix=f"use one of: {', '.join(sorted(agencies))}")


def etag(version: int) -> str:
    """The version as an entity tag."""
    return f'"{version}"'


def plain(value: Any) -> Any:
    """Times and ids as text, all through."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
