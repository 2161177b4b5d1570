"""How far a referral is, as its sender may know it: no agency, and nothing of what was found. Pure."""

from enum import StrEnum

from services.intake.access.standing import Standing
from shared.vocabulary import AssignmentStatus


class Progress(StrEnum):
    """In the order in which a referral goes through them; one that is reopened goes back."""

    received = "received"
    """Stored; nobody has been asked yet."""
    offered = "offered"
    """An agency has been asked to act."""
    in_progress = "in_progress"
    """An agency acts."""
    ended = "ended"


_ACTING = {AssignmentStatus.accepted, AssignmentStatus.in_progress, AssignmentStatus.completed}


def progress(standing: Standing) -> Progress:
    """How far it is."""
    if standing.ended:
        return Progress.ended
    if _ACTING & set(standing.assignments.values()):
        return Progress.in_progress
    return Progress.offered if standing.assignments else Progress.received
