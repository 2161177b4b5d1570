"""What is to be written of a referral, in one go. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.routing.referral import Referral

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A referral to be written: its new state, the events of this change, and what was pending before it.

    `history`: the entries of this change; `archive`: those kept so far, where they have become too many to stay.
    `answer`: what was answered to the command that led to it, to be remembered.
    """

    referral: Referral
    entries: Sequence[dict[str, Any]]
    pending: Sequence[dict[str, Any]] = ()
    history: Sequence[dict[str, Any]] = ()
    archive: Sequence[dict[str, Any]] = ()
    answer: dict[str, Any] | None = None

    @property
    def is_first(self) -> bool:
        """Whether the referral is new to the database."""
        return self.referral.version == 0

    def published(self) -> Document:
        """What the relay publishes: everything pending, oldest first."""
        return {"_id": self.referral.id, "outbox": [*self.pending, *self.entries]}
