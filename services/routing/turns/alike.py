"""New referrals that wait together are often alike to the rules: what follows from one decision at one moment is worked out
once, and told of each with its own id and its own facts. Pure.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.routing.life.disclosure import disclosed
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
        self._worked_out: dict[tuple[int, datetime], tuple[Decision, Decided]] = {}

    def take(self, referral: Referral | None, event: IntakeEvent, at: datetime) -> Decided | None:
        """The effect of the next event of intake; None where there is none to have."""
        if referral is None and type(event) is ReferralReceived:
            return self._received(event, at)
        return take(referral, event, self._book, at)

    def _received(self, event: ReferralReceived, at: datetime) -> Decided:
        decision = self._book.decide(event.data.facts)
        place = id(decision), at  # the decision is kept beside it, so that no other can get its id
        if place not in self._worked_out:
            self._worked_out[place] = decision, received(event, self._book, at)
        return self._told_of(event, self._worked_out[place][1])

    def _told_of(self, event: ReferralReceived, like: Decided) -> Decided:
        referral = like.referral._replace(
            id=event.subject, taken=event.sequence, correlation=event.correlationid, facts=event.data.facts
        )
        return Decided(referral, tuple(self._with_its_facts(referral, like.happened)))

    def _with_its_facts(self, referral: Referral, happened: Iterable[Happening]) -> Iterator[Happening]:
        disclosed_: dict[bool, Facts] = {}
        for one in happened:
            if type(one.data) is not OfferedData:
                yield one
                continue
            to_coordinator = one.data.agency == self._book.coordinator
            if to_coordinator not in disclosed_:
                disclosed_[to_coordinator] = disclosed(referral.facts, consult=referral.consult, to_coordinator=to_coordinator)
            yield one._replace(data=one.data.model_copy(update={"facts": disclosed_[to_coordinator]}))
