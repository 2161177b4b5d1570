"""Bundles as MongoDB documents: pure translation, as `documents` has for notices.

A bundle is a document beside the notices, in the same collection, so that claim, send, record and relay treat it as one of
them: `form` in place of `kind`, and `{open, count, notices, folded}`. `open`: it takes more notices; the first claim closes it.
`notices`: the facts of each, with `pointless` where its answer has come meanwhile, and `dropped` where that was before the
first attempt. `folded`: it has ended, and the documents of its notices do not say so yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.keeping.documents import facts_of, new, notice_of, seat_of
from services.notifications.notices.bundle import Bundle, Place, bundle_id
from services.notifications.notices.ending import milliseconds
from services.notifications.notices.notice import Form, Notice, NoticeStatus
from shared.vocabulary import NotificationChannel, Urgency

_AS_THE_BUNDLE = ("status", "attempts", "unsure", "channel", "settled", "person", "stands_in", "trouble", "tried")
"""What its notices have in common with it once it has ended."""


def which_takes(place: Place, notices: Sequence[Notice], most: int) -> dict[str, Any]:
    """The open bundle of a place, where it has room for these notices and none of them yet."""
    return {
        **_where(place),
        "open": True,
        "count": {"$lte": most - len(notices)},
        "notices._id": {"$nin": [notice.id for notice in notices]},
    }


def which_is_open(place: Place) -> dict[str, Any]:
    """The open bundle of a place; there is one at most."""
    return {**_where(place), "open": True}


def joining(notices: Sequence[Notice], now: datetime) -> dict[str, Any]:
    """The update by which notices get into a bundle, which begins by it where there is none. It is sent when the first of them
    may wait no longer."""
    first = notices[0]
    due = min(notice.not_before or now for notice in notices)
    begun = new(first.channel, first.fall_over, now) | {"_id": bundle_id(first)}
    del begun["since"]  # it is only given up so long after it was due
    return {
        "$setOnInsert": begun,
        "$push": {"notices": {"$each": [facts_of(notice) for notice in notices]}},
        "$inc": {"count": len(notices)},
        "$min": {"due": due, "since": due, "not_before": due, "at": min(notice.at for notice in notices)},
    }


def closing(unsure: Mapping[str, Any]) -> dict[str, Any]:
    """What a claim does to a bundle, as fields of its update: it is closed, and what has become pointless is taken out, unless
    it may have been sent already: then it has to say the same again."""
    out = {"$or": ["$$this.dropped", {"$and": ["$$this.pointless", {"$not": [unsure]}]}]}
    sorted_out = {"$map": {"input": "$notices", "as": "this", "in": {"$mergeObjects": ["$$this", {"dropped": out}]}}}
    return {"open": _for_a_bundle(False), "notices": _for_a_bundle(sorted_out)}


def bundle_of(document: Mapping[str, Any]) -> Bundle:
    """The bundle in a document."""
    return Bundle(
        id=document["_id"],
        form=Form(document["form"]),
        seat=seat_of(document),
        urgency=Urgency(document["urgency"]),
        channel=NotificationChannel(document["channel"]),
        fall_over=document["fall_over"],
        notices=_notices(document, dropped=False),
        dropped=_notices(document, dropped=True),
    )


def _notices(document: Mapping[str, Any], *, dropped: bool) -> tuple[Notice, ...]:
    """Those that are told, or those that are not. They go the way it goes."""
    channel = {"channel": document["channel"]}
    return tuple(notice_of({**facts, **channel}) for facts in document["notices"] if facts.get("dropped", False) is dropped)


def unfolding(document: Mapping[str, Any]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """What has become of each notice of a bundle that has ended: its id, and what is to be set in its document."""
    settled, sent = document["settled"], document["status"] == NoticeStatus.sent
    common = {name: document[name] for name in _AS_THE_BUNDLE if name in document}
    gone = {"status": NoticeStatus.dropped.value, "settled": settled, "bundle": document["_id"]}
    for facts in document["notices"]:
        took = {"after_ms": milliseconds(facts["at"], settled)} if sent else {}
        yield facts["_id"], gone if facts.get("dropped") else common | took | {"bundle": document["_id"]}


def _where(place: Place) -> dict[str, Any]:
    seat = place.seat
    return {
        "agency": seat.agency,
        "role": seat.role.value,
        "seat": seat.number,
        "urgency": place.urgency.value,
        "form": place.form.value,
    }


def _for_a_bundle(value: Any) -> dict[str, Any]:
    return {"$cond": [{"$isArray": "$notices"}, value, "$$REMOVE"]}
