"""What is told of likely duplicates: the event, and what the referral remembers of it. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.intake.duplicates.likeness import Likeness
from services.intake.referral import SOURCE
from shared.events.envelope import event_id
from shared.events.intake import DuplicatesData, DuplicatesFound, LikelyDuplicate
from shared.vocabulary import SharedTrait

MOST_TOLD = 10


def found(
    referral: UUID, likely: Sequence[Likeness], *, sequence: int, correlation: UUID, at: datetime
) -> DuplicatesFound:  # fmt: skip
    """The event with this sequence. `likely`: one at least, the likeliest first; only so many are told."""
    told = tuple(
        LikelyDuplicate(referral=one.referral, score=one.score, reasons=tuple(SharedTrait(kind.value) for kind in one.reasons))
        for one in likely[:MOST_TOLD]
    )
    return DuplicatesFound(
        id=event_id(SOURCE, str(referral), sequence),
        source=SOURCE,
        subject=referral,
        time=at,
        correlationid=correlation,
        sequence=sequence,
        data=DuplicatesData(duplicates=told),
    )
