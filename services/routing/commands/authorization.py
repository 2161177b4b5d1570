"""Who may give which command, and who sees which referral: one table, and one rule. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from services.routing.commands import forms as c
from services.routing.life.referral import OPEN, Referral
from shared.principal import Principal, Role
from shared.vocabulary import AssignmentStatus


class Reach(StrEnum):
    """On whose behalf."""

    own = "own"
    """The own agency's part only."""
    all = "all"
    """Any agency's part, and the referral as a whole."""


class Actor(NamedTuple):
    """Who acts: the agency, in which role, and the issuer's id of the person."""

    agency: str
    role: Role
    subject: str


C, S, A = Role.coordinator, Role.supervisor, Role.staff
_EVERYBODYS = {C: Reach.own, S: Reach.own, A: Reach.own}
_COORDINATORS = {C: Reach.all}

TABLE: Mapping[type[c.Command], Mapping[Role, Reach]] = {
    c.Accept: _EVERYBODYS,
    c.Decline: _EVERYBODYS,
    c.Progressed: _EVERYBODYS,
    c.Complete: _EVERYBODYS,
    c.RecordService: _EVERYBODYS,
    c.RecordJustice: _EVERYBODYS,
    c.RecordThriving: _EVERYBODYS,
    c.AssessVictim: _EVERYBODYS,
    c.RecordOralReport: {C: Reach.all, S: Reach.own, A: Reach.own},
    c.RecordWrittenReport: {C: Reach.all, S: Reach.own, A: Reach.own},
    c.RaiseUrgency: {C: Reach.all, S: Reach.own, A: Reach.own},
    c.Reroute: {C: Reach.all, S: Reach.own},
    c.Reopen: {C: Reach.all, S: Reach.own},
    c.AddAgency: _COORDINATORS,
    c.RevokeAgency: _COORDINATORS,
    c.Override: _COORDINATORS,
    c.Exclude: _COORDINATORS,
    c.LinkDuplicate: _COORDINATORS,
    c.Close: _COORDINATORS,
    c.ScreenOut: _COORDINATORS,
}
"""What is not in it is not allowed. An analyst sees figures, and no single referral."""

READERS = (C, S, A)
"""Who may look at referrals, the role that sees most first."""


def reader(principal: Principal, coordinator: str) -> Actor | None:
    """Who looks; None where no role of theirs may. `coordinator` is the coordinator's own agency."""
    for role in READERS:
        if role in principal.roles:
            agency = coordinator if role is C else principal.agency
            return Actor(agency, role, principal.subject) if agency else None
    return None


def may(actor: Actor, command: c.Command) -> bool:
    """Whether the table allows it, where the actor sees the referral."""
    reach = TABLE[type(command)].get(actor.role)
    if reach is Reach.own and isinstance(command, c.Reroute):
        return command.agency == actor.agency
    return reach is not None


def may_ever(actor: Actor, command: type[c.Command]) -> bool:
    """Whether there is any referral on which the actor may give this command."""
    return actor.role in TABLE[command]


def sees(agency: str, referral: Referral) -> bool:
    """Whether an agency's people may know of the referral: while its part is open or completed, and it is not left out."""
    part = referral.assignments.get(agency)
    has_part = part is not None and (part.status in OPEN or part.status is AssignmentStatus.completed)
    return has_part and agency not in referral.barred


def may_see(actor: Actor, referral: Referral) -> bool:
    """The coordinator sees every referral, an agency's people those it has a part in."""
    return actor.role is C or sees(actor.agency, referral)
