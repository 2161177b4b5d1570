"""What is posted to an agency's system: coded facts, signed as Standard Webhooks says. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

from services.notifications.channels.channel import Letter
from services.notifications.notices.bundle import alone, told
from services.notifications.notices.notice import Notice
from services.notifications.texts.links import Links


def payload(letter: Letter, links: Links) -> str:
    """The body: which notice, of which referral, what about, how urgent, by when. Nothing of the case itself.

    Notices that came here together, as the channel before did not work, are told together: `notices` in place of the
    facts of one.
    """
    if notice := alone(letter.message):
        return _written(f"notice.{notice.kind.value}", notice.at, _facts(notice, links))
    each = [{"type": f"notice.{notice.kind.value}", **_facts(notice, links)} for notice in told(letter.message)]
    data = {"bundle": str(letter.message.id), "acknowledge": links.acknowledge(letter.message) or None, "notices": each}
    return _written("notices.together", max(notice.at for notice in told(letter.message)), data)


def _written(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data})


def _facts(notice: Notice, links: Links) -> dict[str, Any]:
    return {
        "notice": str(notice.id),
        "referral": str(notice.referral),
        "urgency": notice.urgency.value,
        "role": notice.seat.role.value,
        "part": notice.asked_as.value if notice.asked_as else None,
        "answer_by": notice.answer_by.isoformat() if notice.answer_by else None,
        "link": links.desk(notice) or None,
        "acknowledge": links.acknowledge(notice) or None,
    }


def headers(secrets: Sequence[str], message: UUID, now: datetime, body: str) -> Mapping[str, str]:
    """Id, time, and a signature by each secret, so that a receiver that has not changed to the new one yet can check too."""
    return {
        "content-type": "application/json",
        "webhook-id": str(message),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(str(message), now, body) for secret in secrets),
    }
