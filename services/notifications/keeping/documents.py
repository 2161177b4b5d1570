"""Notices as MongoDB documents: pure translation between what `store` writes and what is decided."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.notifications.directory.contacts import Seat
from services.notifications.notices.notice import Form, Notice, NoticeKind, NoticeStatus
from shared.vocabulary import AssignmentRole, NotificationChannel, StaffRole, Urgency


def document_of(notice: Notice, now: datetime) -> dict[str, Any]:
    """A new document: due at once, or when its recipient's rest is over; where it is held, when its bundle is."""
    facts = facts_of(notice) | new(notice.channel, notice.fall_over, now) | {"held": notice.held.value if notice.held else None}
    if notice.held:
        return facts | {"status": NoticeStatus.grouped.value}
    return facts | {"due": notice.not_before or now}


def facts_of(notice: Notice) -> dict[str, Any]:
    """What never changes."""
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
        "seat_person": notice.seat.person,
        "urgency": notice.urgency.value,
        "why": notice.why,
        "asked_as": notice.asked_as.value if notice.asked_as else None,
        "answer_by": notice.answer_by,
        "not_before": notice.not_before,
        "step": notice.step,
        "awaits": notice.awaits,
    }


def seat_of(document: Mapping[str, Any]) -> Seat:
    """The desk that a notice or bundle is for."""
    return _seat(document["agency"], document["role"], document["seat"], document.get("seat_person"))


@lru_cache(maxsize=1024)
def _seat(agency: str, role: str, number: int, person: str | None) -> Seat:
    """There are few, and a bundle has two hundred of one."""
    return Seat(agency=agency, role=StaffRole(role), number=number, person=person)


def new(channel: NotificationChannel, fall_over: datetime | None, now: datetime) -> dict[str, Any]:
    """The part in which it is noted what becomes of it."""
    return {
        "channel": channel.value,
        "fall_over": fall_over,
        "tried": [],
        "status": NoticeStatus.pending.value,
        "attempts": 0,
        "unsure": False,
        "since": now,
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
        seat=seat_of(document),
        urgency=Urgency(document["urgency"]),
        why=document["why"],
        asked_as=AssignmentRole(document["asked_as"]) if document["asked_as"] else None,
        answer_by=document["answer_by"],
        not_before=document.get("not_before"),
        step=document.get("step", 0),
        awaits=document.get("awaits"),
        channel=NotificationChannel(document["channel"]),
        fall_over=document.get("fall_over"),
        held=Form(document["held"]) if document.get("held") else None,
    )
