"""What alike referrals share is encoded once, and each document is what it would have been alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bson import CodecOptions, decode, encode
from hypothesis import given
from hypothesis import strategies as st

from services.routing.keeping.change import Change
from services.routing.keeping.document import to_document
from services.routing.keeping.fold import Fold
from services.routing.keeping.history import INTAKE
from services.routing.keeping.journal import Journal
from services.routing.keeping.stencil import document
from services.routing.turns.alike import Alike
from shared.events.intake import ReferralReceived
from tests.unit.routing.cases import AT, book
from tests.unit.routing.turns.test_alike import waiting

STAMPS = UUID(int=1), UUID(int=2)
OPTIONS: CodecOptions[dict[str, object]] = CodecOptions(tz_aware=True, uuid_representation=4)
JOURNAL = Journal("", frozenset(book().agencies.ids))


def change(alike: Alike, event: ReferralReceived, at: datetime) -> Change:
    fold, decided = Fold(None, JOURNAL), alike.take(None, event, at)
    assert decided is not None
    fold.add(decided, event.id, at, INTAKE)
    found = fold.change()
    assert found is not None
    return found


@given(waiting(), st.lists(st.integers(0, 1)))
def test_each_document_is_as_if_it_had_been_written_alone(events: list[ReferralReceived], minutes: list[int]) -> None:
    alike = Alike(book())
    for place, event in enumerate(events):
        late = timedelta(minutes=minutes[place % len(minutes)] if minutes else 0)
        one = change(alike, event, AT + late)
        stamp = STAMPS[place % 2]
        also = {"version": 1, "stamp": stamp, "outbox": one.entries, "history": one.history}
        alone = to_document(one.referral) | also
        assert decode(document(one, stamp).raw, OPTIONS) == decode(encode(alone, codec_options=OPTIONS), OPTIONS)
