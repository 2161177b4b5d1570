"""Rows and source events that several topics share. Pure."""

from typing import Final, get_args

from services.reporting.figures.measure import Row
from shared.events import intake, routing
from shared.vocabulary import Vocabulary

ACCOUNTS: Final = (intake.ReferralReceived, intake.ReferralSupplemented)
"""What tells the facts."""

STEPS: Final = (
    routing.AssignmentOffered,
    routing.AssignmentAccepted,
    routing.AssignmentDeclined,
    routing.AssignmentExpired,
    routing.AssignmentRerouted,
    routing.AssignmentRevoked,
    routing.AssignmentCompleted,
)
"""What moves an agency's assignment."""

BEGINNINGS: Final = (
    routing.AssignmentOffered,
    *(kind for kind in get_args(routing.ActivityEvent) if "clocks" in kind.model_fields["data"].annotation.model_fields),
    routing.ClockStarted,
)
"""What clocks begin with."""


def every(vocabulary: type[Vocabulary], *more: str) -> tuple[Row, ...]:
    """A row for every term, and for the words in its stead."""
    return tuple((term,) for term in (*vocabulary.terms(), *more))
