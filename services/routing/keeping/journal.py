"""What happened, as the events that go out: bytes, in order, each numbered once.

The envelope is written here as text and not through its model, which would cost more than the decision itself. A test
compares every kind of event with what its model would write, byte by byte.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, get_args
from uuid import UUID

from services.routing.keeping.pen import FactsTexts, begin, moment
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Happening
from shared.events.envelope import EventIds
from shared.events.routing import ActivityEvent
from shared.outbox import entry
from shared.topics import ACTIVITY, inbox

SOURCE = "/routing"
TYPES = {event: event.model_fields["type"].default for event in get_args(ActivityEvent)}


class _Outline(NamedTuple):
    """Of an event: where it goes, and its type and data as far as no facts are in them."""

    topics: list[str]
    begin: str


class Journal:
    """Turns decisions into outbox entries. `prefix` goes before every topic; only `agencies` have an inbox.

    `sandbox`: what happens is told in inboxes alone. Nothing of it can reach `referrals.activity`, where all others read.
    """

    def __init__(self, prefix: str, agencies: frozenset[str], *, sandbox: bool = False) -> None:
        self._activity = [] if sandbox else [prefix + ACTIVITY]
        self._topics = {agency: [*self._activity, prefix + inbox(agency)] for agency in agencies}

    def entries(self, decided: Decided, cause: UUID | None, at: datetime) -> list[dict[str, Any]]:
        """The outbox entries of one decision, oldest first. `cause` is the id of the event that led to it."""
        referral = decided.referral
        subject, facts = str(referral.id), FactsTexts()
        ids, common = EventIds(SOURCE, subject), _common(referral, subject, cause, moment(at))
        details = f'"dataref":"/api/v1/referrals/{subject}/details",'
        first = referral.sequence - len(decided.happened) + 1
        outlines = decided.likeness.once("outlines", partial(self._outlines, decided.happened))
        entries = []
        for sequence, (one, outline) in enumerate(zip(decided.happened, outlines, strict=True), first):
            if not outline.topics:
                continue
            id_ = ids.text(sequence)
            body = (
                f'{{"specversion":"1.0","id":"{id_}",{common}"sequence":"{sequence:010d}",{details if one.details else ""}'
                f"{outline.begin}{facts.end_of(one.data)}}}"
            )
            entries.append(entry(id_, subject, body.encode(), outline.topics, at))
        return entries

    def _outlines(self, happened: Iterable[Happening]) -> list[_Outline]:
        return [
            _Outline(self._topics.get(one.inbox or "", self._activity), f'"type":"{TYPES[one.event]}","data":{begin(one.data)}')
            for one in happened
        ]


def _common(referral: Referral, subject: str, cause: UUID | None, at: str) -> str:
    """The attributes that all events of one decision share."""
    caused = f'"causationid":"{cause}",' if cause else ""
    return (
        f'"source":"{SOURCE}","subject":"{subject}","time":"{at}",'
        f'"datacontenttype":"application/json","correlationid":"{referral.correlation}",{caused}'
    )
