"""Who asks: what a verified token says of its bearer, and nothing else. It knows no referral."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the taskforce. The terms are those of the token's `roles` claim."""

    coordinator = "coordinator"
    supervisor = "supervisor"
    staff = "staff"
    analyst = "analyst"
    partner = "partner"
    """Takes de-identified extracts of the figures' records, and nothing else."""


class Scope(StrEnum):
    """What a system may do that acts for itself. The terms are those of the token's `scope` claim (RFC 9068)."""

    send = "referrals:send"
    status = "referrals:status"


OF_AN_AGENCY = frozenset({Role.supervisor, Role.staff})
"""Roles that somebody has within an agency only: without one in the token they do not count."""


@dataclass(frozen=True, slots=True)
class Principal:
    """`subject`: the issuer's own id of the person or system, no name. `agency`: an id of agencies.yaml; whose staff it is."""

    subject: str
    roles: frozenset[Role]
    agency: str | None = None
    scopes: frozenset[Scope] = frozenset()
