"""What is to be written of a referral, in one go. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.routing.life.likeness import ALONE, Likeness
from services.routing.life.referral import Referral

Document = dict[str, Any]


class Change(NamedTuple):
    """A referral to be written: its new state, the events of this change, and what was pending before it.

    `history`: the entries of this change; `archive`: those kept so far, where they have become too many to stay.
    `answer`: what was answered to the command that led to it, to be remembered. `likeness`: of the one decision that made it.
    """

    referral: Referral
    entries: Sequence[dict[str, Any]]
    pending: Sequence[dict[str, Any]] = ()
    history: Sequence[dict[str, Any]] = ()
    archive: Sequence[dict[str, Any]] = ()
    answer: dict[str, Any] | None = None
    likeness: Likeness = ALONE

    @property
    def is_first(self) -> bool:
        """Whether the referral is new to the database."""
        return self.referral.version == 0

    def published(self, stamp: UUID) -> Document:
        """What the relay publishes after the write with this stamp: everything pending, oldest first."""
        return {"_id": self.referral.id, "stamp": stamp, "outbox": [*self.pending, *self.entries]}
