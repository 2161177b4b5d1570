"""An excluded agency gets nothing, by any way: no topic, no mail, not later either. Routing and notifications together.

Whatever happens to a referral, each event goes where it would go, and each mail to whom it would be sent.
"""

from __future__ import annotations

from pathlib import Path

import hypothesis

from services.notifications.contacts import load_contacts
from services.notifications.policy import decide as who_is_told
from services.notifications.policy import load_policy
from services.routing.journal import Journal
from services.routing.turn import Decided
from shared.agencies import load_agencies
from shared.events.codec import Codec
from shared.events.routing import ActivityEvent, AssignmentRevoked
from shared.topics import inbox
from shared.vocabulary import Rejection
from tests.unit.routing.cases import ALL_AGENCIES, AT
from tests.unit.routing.test_life import Life

CONFIG = Path("config")
JOURNAL = Journal("", frozenset(ALL_AGENCIES))
CODEC: Codec[ActivityEvent] = Codec(ActivityEvent)
POLICY, CONTACTS = load_policy(CONFIG), load_contacts(CONFIG, load_agencies(CONFIG))


class Told(Life):
    """The life of a referral, with everyone who hears of it."""

    def take(self, decided: Decided | Rejection | None) -> None:
        super().take(decided)
        if isinstance(decided, Decided):
            for entry in JOURNAL.entries(decided, None, AT):
                self.assert_not_told(CODEC.decode(bytes(entry["body"])), set(entry["topics"]))

    def assert_not_told(self, event: ActivityEvent, topics: set[str]) -> None:
        """That its part is taken back is the one thing that an agency hears once it is excluded."""
        if isinstance(event, AssignmentRevoked):
            return
        notices = who_is_told(event, POLICY, CONTACTS, self.referral.urgency)
        assert not {notice.seat.agency for notice in notices} & self.excluded
        assert not topics & {inbox(agency) for agency in self.excluded}


TestTold = Told.TestCase
TestTold.settings = hypothesis.settings(max_examples=60, stateful_step_count=12, deadline=None)
