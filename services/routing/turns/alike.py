"""New referrals that wait together are often alike to the rules: what follows from one decision at one moment is worked out
once, and told of each with its own id and its own facts. Pure.
"""

from datetime import datetime
from functools import partial

from services.routing.life.disclosure import disclosed
from services.routing.life.likeness import Likeness
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Happening
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision
from services.routing.turns.intake import received, take
from shared.events.facts import Facts
from shared.events.intake import IntakeEvent, ReferralReceived
from shared.events.routing import OfferedData


class Alike:
    """Takes the events of one batch as `intake.take` does, by one book. It remembers decisions, and no referral's facts."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._worked_out: dict[tuple[int, datetime], tuple[Decision, _Pattern]] = {}

    def take(self, referral: Referral | None, event: IntakeEvent, at: datetime) -> Decided | None:
        """The effect of the next event of intake; None where there is none to have."""
        if referral is None and type(event) is ReferralReceived:
            return self._received(event, at)
        return take(referral, event, self._book, at)

    def _received(self, event: ReferralReceived, at: datetime) -> Decided:
        decision = self._book.decide(event.data.facts)
        place = id(decision), at  # the decision is kept beside it, so that no other can get its id
        if place not in self._worked_out:
            self._worked_out[place] = decision, _Pattern(received(event, self._book, at), self._book.coordinator)
        return self._worked_out[place][1].told_of(event)


class _Pattern:
    """What was decided of one referral, to be told of others that the rules decide alike at the same moment."""

    def __init__(self, first: Decided, coordinator: str) -> None:
        self._referral = first.referral
        self._happened = first.happened
        self._offers = [
            (place, one, one.data.agency == coordinator)
            for place, one in enumerate(first.happened)
            if isinstance(one.data, OfferedData)
        ]
        self._likeness = Likeness()

    def told_of(self, event: ReferralReceived) -> Decided:
        """The same, with this referral's id and facts."""
        facts = event.data.facts
        referral = self._referral._replace(id=event.subject, taken=event.sequence, correlation=event.correlationid, facts=facts)
        return Decided(referral, self._with_facts(facts), self._likeness)

    def _with_facts(self, facts: Facts) -> tuple[Happening, ...]:
        happened, seen = list(self._happened), partial(disclosed, facts, consult=self._referral.consult)
        known: dict[bool, Facts] = {}
        for place, one, to_coordinator in self._offers:
            if to_coordinator not in known:
                known[to_coordinator] = seen(to_coordinator=to_coordinator)
            data = one.data.model_copy(update={"facts": known[to_coordinator]})
            happened[place] = Happening(one.event, data, one.inbox, one.details)
        return tuple(happened)
