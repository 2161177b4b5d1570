"""Notices as MongoDB documents: pure translation between what `store` writes and what the pipeline works with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.notifications.attempt import Claimed, Dropped, Failed, Later, Moved, Outcome, Sent, Trouble
from services.notifications.contacts import Seat
from services.notifications.ending import after_ms, ending
from services.notifications.notice import Notice, NoticeKind, NoticeStatus
from shared.outbox import pending
from shared.vocabulary import AssignmentRole, NotificationChannel, StaffRole, Urgency


def document_of(notice: Notice, now: datetime) -> dict[str, Any]:
    """A new document, due at once, or when its recipient's rest is over."""
    return {
        "_id": notice.id,
        "about": notice.about,
        "referral": notice.referral,
        "correlation": notice.correlation,
        "sequence": notice.sequence,
        "at": notice.at,
        "kind": notice.kind.value,
        "agency": notice.seat.agency,
        "role": notice.seat.role.value,
        "seat": notice.seat.number,
        "urgency": notice.urgency.value,
        "why": notice.why,
        "asked_as": notice.asked_as.value if notice.asked_as else None,
        "answer_by": notice.answer_by,
        "channel": notice.channel.value,
        "fall_over": notice.fall_over,
        "tried": [],
        "status": NoticeStatus.pending.value,
        "attempts": 0,
        "unsure": False,
        "since": now,
        "not_before": notice.not_before,
        "step": notice.step,
        "awaits": notice.awaits,
        "due": notice.not_before or now,
        "lease": None,
        "version": 1,
        "outbox": [],
    }


def notice_of(document: Mapping[str, Any]) -> Notice:
    """The notice in a document."""
    return Notice(
        id=document["_id"],
        about=document["about"],
        referral=document["referral"],
        correlation=document["correlation"],
        sequence=document["sequence"],
        at=document["at"],
        kind=NoticeKind(document["kind"]),
        seat=Seat(agency=document["agency"], role=StaffRole(document["role"]), number=document["seat"]),
        urgency=Urgency(document["urgency"]),
        why=document["why"],
        asked_as=AssignmentRole(document["asked_as"]) if document["asked_as"] else None,
        answer_by=document["answer_by"],
        not_before=document.get("not_before"),
        step=document.get("step", 0),
        awaits=document.get("awaits"),
        channel=NotificationChannel(document["channel"]),
        fall_over=document.get("fall_over"),
    )


def claimed_of(document: Mapping[str, Any]) -> Claimed:
    """The claim in a document just claimed."""
    return Claimed(
        notice=notice_of(document),
        attempt=document["attempts"],
        unsure=document["unsure"],
        since=document["since"],
        until=document["lease"]["until"],
        version=document["version"],
        pointless=document.get("pointless", False),
        refused=_refused(document.get("tried", ())),
    )


def _refused(tried: Sequence[Mapping[str, Any]]) -> frozenset[NotificationChannel]:
    return frozenset(NotificationChannel(one["channel"]) for one in tried if one["trouble"] == Trouble.refused)


def claiming(by: str, until: datetime) -> list[dict[str, Any]]:
    """The update that claims. Whatever was claimed before and not settled may have been sent: it is unsure from now on."""
    return [
        {
            "$set": {
                "unsure": {"$or": ["$unsure", {"$eq": ["$status", NoticeStatus.claimed.value]}]},
                "status": NoticeStatus.claimed.value,
                "attempts": {"$add": ["$attempts", 1]},
                "lease": {"by": by, "until": until},
                "due": until,
                "version": {"$add": ["$version", 1]},
            }
        }
    ]


def ended(outcome: Outcome, topic: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The update an outcome leads to, and the entry for `topic` in its outbox where the notice is settled."""
    if isinstance(outcome, Later):
        return _put_back(outcome), None
    if isinstance(outcome, Moved):
        return _moved(outcome), None
    # A drill is nobody else's business: no figure may count it.
    entry = pending(ending(outcome), [topic], outcome.at) if outcome.claimed.notice.kind is not NoticeKind.test else None
    facts = {"settled": outcome.at, "lease": None} | _facts(outcome)
    update = {"$set": facts, "$unset": {"due": ""}, "$inc": {"version": 1}}
    return (update | {"$push": {"outbox": entry}} if entry else update), entry


def _facts(outcome: Sent | Failed | Dropped) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        who = {"person": outcome.person, "stands_in": outcome.stands_in}
        return {"status": NoticeStatus.sent.value, "after_ms": after_ms(outcome), **who}
    if isinstance(outcome, Dropped):
        return {"status": NoticeStatus.dropped.value}
    return {"status": NoticeStatus.failed.value, "trouble": outcome.trouble.value}


def _put_back(later: Later) -> dict[str, Any]:
    facts = {"status": NoticeStatus.pending.value, "due": later.due, "lease": None, "unsure": later.unsure}
    trouble = {"trouble": later.trouble.value} if later.trouble else {}
    return {"$set": facts | trouble, "$inc": {"version": 1, "attempts": 0 if later.counts else -1}}


def _moved(moved: Moved) -> dict[str, Any]:
    facts = {
        "status": NoticeStatus.pending.value,
        "due": moved.due,
        "lease": None,
        "unsure": moved.unsure,
        "channel": moved.to.value,
    }
    if moved.trouble is None:
        return {"$set": facts, "$inc": {"version": 1, "attempts": -1}}
    tried = {"channel": moved.claimed.notice.channel.value, "trouble": moved.trouble.value, "at": moved.at}
    return {"$set": facts, "$inc": {"version": 1}, "$push": {"tried": tried}}
