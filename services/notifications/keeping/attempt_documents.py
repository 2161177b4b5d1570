"""Attempts as MongoDB documents: what is claimed, and what an outcome writes. The same for a notice and for a bundle. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.keeping.bundle_documents import bundle_of, closing
from services.notifications.keeping.documents import notice_of
from services.notifications.notices.attempt import Claimed, Dropped, Failed, Later, Moved, Outcome, Sent, Trouble
from services.notifications.notices.bundle import Bundle, told
from services.notifications.notices.ending import endings, milliseconds
from services.notifications.notices.notice import Notice, NoticeStatus
from shared.outbox import pending
from shared.vocabulary import NotificationChannel

_MOST_NOTICES = 400


def not_too_many(messages: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """The ids of the first messages, until there are as many notices in them as memory is kept for."""
    ids, notices = [], 0
    for message in messages:
        if notices < _MOST_NOTICES:
            ids.append(message["_id"])
            notices += message.get("count", 1)
    return ids


def claimed_of(document: Mapping[str, Any]) -> Claimed:
    """The claim in a document just claimed."""
    message = bundle_of(document) if "form" in document else notice_of(document)
    return Claimed(
        message=message,
        attempt=document["attempts"],
        unsure=document["unsure"],
        since=document["since"],
        until=document["lease"]["until"],
        version=document["version"],
        pointless=document.get("pointless", False) or not told(message),
        refused=_refused(document.get("tried", ())),
    )


def _refused(tried: Sequence[Mapping[str, Any]]) -> frozenset[NotificationChannel]:
    return frozenset(NotificationChannel(one["channel"]) for one in tried if one["trouble"] == Trouble.refused)


def claiming(by: str, until: datetime) -> list[dict[str, Any]]:
    """The update that claims. Whatever was claimed before and not settled may have been sent: it is unsure from now on."""
    unsure = {"$or": ["$unsure", {"$eq": ["$status", NoticeStatus.claimed.value]}]}
    return [
        {
            "$set": {
                "unsure": unsure,
                "status": NoticeStatus.claimed.value,
                "attempts": {"$add": ["$attempts", 1]},
                "lease": {"by": by, "until": until},
                "due": until,
                "version": {"$add": ["$version", 1]},
                **closing(unsure),
            }
        }
    ]


def claimed_at_once(by: str, until: datetime) -> dict[str, Any]:
    """What a new document bears besides where it is claimed by the write that stores it."""
    return {"status": NoticeStatus.claimed.value, "attempts": 1, "lease": {"by": by, "until": until}, "due": until}


def ended(outcome: Outcome, topic: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The update an outcome leads to, and the entries for `topic` in its outbox where the message is settled."""
    if isinstance(outcome, Later):
        return _put_back(outcome), []
    if isinstance(outcome, Moved):
        return _moved(outcome), []
    entries = [pending(event, [topic], outcome.at) for event in endings(outcome)]
    facts = {"settled": outcome.at, "lease": None} | _facts(outcome)
    return {"$set": facts, "$unset": {"due": ""}, "$inc": {"version": 1}, "$push": {"outbox": {"$each": entries}}}, entries


def _facts(outcome: Sent | Failed | Dropped) -> dict[str, Any]:
    message = outcome.claimed.message
    return _how(outcome) | ({"folded": True} if isinstance(message, Bundle) else _took(message, outcome))


def _took(notice: Notice, outcome: Sent | Failed | Dropped) -> dict[str, Any]:
    return {"after_ms": milliseconds(notice.at, outcome.at)} if isinstance(outcome, Sent) else {}


def _how(outcome: Sent | Failed | Dropped) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        return {"status": NoticeStatus.sent.value, "person": outcome.person, "stands_in": outcome.stands_in}
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
    tried = {"channel": moved.claimed.message.channel.value, "trouble": moved.trouble.value, "at": moved.at}
    return {"$set": facts, "$inc": {"version": 1}, "$push": {"tried": tried}}
