"""A reporter who came back: who has to know what they added. Pure."""

from collections.abc import Iterable
from datetime import datetime

from services.routing.life.offers import tell_updated
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from shared.events.intake import ReferralSupplemented
from shared.events.routing import ReporterAdded, ReporterAddedData
from shared.vocabulary import Added, AssignmentStatus


def only_contact(event: ReferralSupplemented) -> bool:
    """Whether it says no more than that contact is not safe."""
    return event.data.added == (Added.contact_unsafe,)


def contact_ended(referral: Referral, event: ReferralSupplemented, book: RuleBook, now: datetime) -> Decided:
    """A referral that has ended stays so. Whoever did their part has to know before they follow up on it."""
    turn = Turn(referral, now, book)
    turn.change(facts=event.data.facts, taken=event.sequence)
    completed = [agency for agency, part in referral.assignments.items() if part.status is AssignmentStatus.completed]
    tell_updated(turn, completed, event.data.added)
    tell_added(turn, completed, event.data.added)
    return turn.done()


def tell_added(turn: Turn, agencies: Iterable[str], added: tuple[Added, ...]) -> None:
    """These agencies have to know what was added, and the coordinator in any case."""
    if added:
        for agency in dict.fromkeys((*agencies, turn.book.coordinator)):
            turn.tell(ReporterAdded, ReporterAddedData(agency=agency, urgency=turn.referral.urgency, added=added))
