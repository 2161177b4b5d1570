"""How a case stands as a whole: routed, closed, opened again, and how urgent it is. Pure."""

from services.reporting.cases.part import EMPTY, Part, one_more, with_one
from shared.events import routing


def routed(part: Part, event: routing.ReferralRouted) -> Part:
    """When it was first routed; how urgent it was last held to be."""
    return {"routed": event.time, **part, "urgency": event.data.urgency.value}


def closed(part: Part, event: routing.ReferralClosed) -> Part:
    """When and why it ended."""
    return {**part, "closed": {"at": event.time, "reason": event.data.reason.value}}


def reopened(part: Part, _: routing.ReferralReopened) -> Part:
    """It has not ended any more."""
    return {**part, "closed": None, "screened_out": None, "reopened": part.get("reopened", 0) + 1}


def screened_out(part: Part, event: routing.ReferralScreenedOut) -> Part:
    """When and why it was found to be none for this taskforce."""
    return {**part, "screened_out": {"at": event.time, "reason": event.data.reason.value}}


def urgency_raised(part: Part, event: routing.UrgencyRaised) -> Part:
    """How urgent it is now."""
    return {**part, "urgency": event.data.urgency.value}


def duplicate_linked(part: Part, event: routing.DuplicateLinked) -> Part:
    """Which referrals it repeats, as people have said. What was only found likely (it has a score) is no figure."""
    if event.data.score is not None:
        return part
    return {**part, "duplicate_of": with_one(part.get("duplicate_of", []), str(event.data.duplicate_of))}


def escalated(part: Part, event: routing.ReferralEscalated) -> Part:
    """How often each level had to be told."""
    return {**part, "escalations": one_more(part.get("escalations", EMPTY), event.data.level.value)}
