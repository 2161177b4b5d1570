"""Who may see what: true counts are for the taskforce's own analysts and coordinator; agencies and the public see releases."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from fastapi import Request

from shared.principal import OF_AN_AGENCY, Principal, Role
from shared.problems import Problem, ProblemKind

INTERNAL = frozenset({Role.coordinator, Role.analyst})


class Audience(StrEnum):
    """For whom figures are made."""

    internal = "internal"
    """True counts."""
    partner = "partner"
    """Agencies' staff: cells under the partners' threshold are hidden."""
    public = "public"
    """Anybody: cells under the public threshold are hidden."""


def audience(principal: Principal | None) -> Audience:
    """What somebody belongs to; nobody who has signed in is the public."""
    if principal is None:
        return Audience.public
    if principal.roles & INTERNAL:
        return Audience.internal
    return Audience.partner if principal.roles & OF_AN_AGENCY else Audience.public


def guard(who: Callable[[Request], Awaitable[Principal]]) -> Callable[[Request], Awaitable[Principal]]:
    """FastAPI's dependency for what only internal roles may see."""

    async def inside(request: Request) -> Principal:
        principal = await who(request)
        if audience(principal) is not Audience.internal:
            detail = "True counts are for the coordinator and analysts. Releases are for everybody: /api/v1/releases."
            raise Problem(ProblemKind.forbidden, detail)
        return principal

    return inside
