"""Who may look into the ledger, and at what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.notifications.notices.notice import NoticeKind
from shared.principal import OF_AN_AGENCY, Principal, Role

_NO_LONGER_THEIRS = frozenset({NoticeKind.expired, NoticeKind.revoked})


@dataclass(frozen=True, slots=True)
class Reader:
    """`agency`: whose notices they see; None: everybody's."""

    agency: str | None


def reader(principal: Principal) -> Reader | None:
    """The coordinator sees every notice, an agency's people those of their agency; None: an analyst sees no single referral."""
    if Role.coordinator in principal.roles:
        return Reader(None)
    return Reader(principal.agency) if principal.agency and principal.roles & OF_AN_AGENCY else None


def shown_to(reader: Reader, notices: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What they may see of a referral's notices, oldest first. Nothing, once it was taken from their agency."""
    if reader.agency is None:
        return [*notices]
    own = [notice for notice in notices if notice["agency"] == reader.agency]
    last = max(own, key=lambda notice: notice["sequence"], default=None)
    return [] if last is None or last["kind"] in _NO_LONGER_THEIRS else own
