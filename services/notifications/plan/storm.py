"""The second stage, decided: which notices go by themselves, and which wait to be told with others. Pure but for its memory.

What it remembers is when the last few notices came, for each desk and urgency. It is not stored: after a restart, or beside
another instance, a few more messages go alone.
"""

from collections import defaultdict, deque
from dataclasses import replace
from datetime import datetime, timedelta

from services.notifications.directory.contacts import Seat
from services.notifications.notices.notice import Form, Notice
from services.notifications.plan.policy import Storms
from services.notifications.plan.rules import Rules
from shared.vocabulary import NotificationChannel, Urgency


class Tally:
    """Counts what comes to each desk. `storms` of the policy says how much is too much; without it nothing ever waits."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        alone = rules.policy.storms.alone if rules.policy.storms else 1
        self._latest: dict[tuple[Seat, Urgency], deque[datetime]] = defaultdict(lambda: deque(maxlen=alone))

    def place(self, notice: Notice, now: datetime) -> Notice:
        """The notice as it is to be kept: due at once, or held until a time that is no later than it may wait."""
        storms = self._rules.policy.storms
        # A machine does not tire, and is told of each by itself.
        if storms is None or notice.held or notice.channel is NotificationChannel.webhook:
            return notice
        if notice.not_before and notice.not_before > now:
            return replace(notice, held=Form.rest)
        if not self._is_crowded(notice, storms, now):
            return notice
        return self._held(notice, storms, now)

    def _is_crowded(self, notice: Notice, storms: Storms, now: datetime) -> bool:
        latest = self._latest[self._rules.directory.contacts.mailbox(notice.seat), notice.urgency]
        # Where the clock was set back, what came "later" says nothing.
        crowded = len(latest) == storms.alone and timedelta(0) <= now - latest[0] < storms.window * self._rules.scale
        latest.append(now)
        return crowded

    def _held(self, notice: Notice, storms: Storms, now: datetime) -> Notice:
        until = now + storms.wait[notice.urgency] * self._rules.scale
        if notice.answer_by and now < notice.answer_by <= until:
            return notice  # its own time runs out first
        later = self._rules.policy.fall_over[notice.urgency] * self._rules.scale
        return replace(notice, held=Form.storm, not_before=until, fall_over=until + later if notice.fall_over else None)
