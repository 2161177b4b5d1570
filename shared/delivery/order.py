"""Whether an event is the next one, an old one or one too new: the whole rule of ordered, idempotent apply."""

from shared.delivery.errors import Gap


def is_new(applied: int, sequence: int, *, accept_gap: bool = False) -> bool:
    """True for the event after `applied`, False for one already applied; Gap where one in between is missing.

    A writer publishes its whole pending outbox, oldest first, so in normal running nothing is ever missing: a gap means
    that an earlier event was dead-lettered or lost, and applying this one would drop that one's effect for good.
    `accept_gap` is for an operator who skipped an event knowingly.
    """
    if sequence <= applied:
        return False
    if sequence > applied + 1 and not accept_gap:
        raise Gap
    return True
