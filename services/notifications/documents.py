"""Notices as MongoDB documents: pure translation between what `store` writes and what the pipeline works with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notifications.attempt import Claimed, Failed, Later, Outcome, Sent
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
        "status": NoticeStatus.pending.value,
        "attempts": 0,
        "unsure": False,
        "since": now,
        "not_before": notice.not_before,
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
        channel=NotificationChannel(document["channel"]),
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
    )


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
    entry = pending(ending(outcome), [topic], outcome.at)
    facts = {"settled": outcome.at, "lease": None} | _facts(outcome)
    return {"$set": facts, "$unset": {"due": ""}, "$inc": {"version": 1}, "$push": {"outbox": entry}}, entry


def _facts(outcome: Sent | Failed) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        return {"status": NoticeStatus.sent.value, "after_ms": after_ms(outcome)}
    return {"status": NoticeStatus.failed.value, "trouble": outcome.trouble.value}


def _put_back(later: Later) -> dict[str, Any]:
    facts = {"status": NoticeStatus.pending.value, "due": later.due, "lease": None, "unsure": later.unsure}
    trouble = {"trouble": later.trouble.value} if later.trouble else {}
    return {"$set": facts | trouble, "$inc": {"version": 1, "attempts": 0 if later.counts else -1}}
