"""What a supplement does to a referral: the rules are applied again, and what was agreed stays. Pure."""

from datetime import datetime

from services.routing.life import clocks
from services.routing.life.assignments import Passage
from services.routing.life.offers import ask, ask_coordinator, revoke, tell_updated
from services.routing.life.referral import ENDED, Referral
from services.routing.life.rerouting import NOBODY_LEFT
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import MOST_URGENT_FIRST, Decision, Offer
from services.routing.turns.reporter_back import tell_added
from services.routing.turns.routed import barred, start_missing_clocks, tell_routed
from shared.events.facts import Facts
from shared.events.intake import ReferralReceived, ReferralSupplemented
from shared.events.routing import ReferralReopened, ReopenedData
from shared.vocabulary import Added, AssignmentRole, Urgency


def supplemented(referral: Referral, event: ReferralReceived | ReferralSupplemented, book: RuleBook, now: datetime) -> Decided:
    """Replaces the facts and applies the rules again. An urgency never sinks by itself, and an ended referral lives again.

    Who is barred now is revoked, who has a part is told the new facts, who is named for the first time is asked. Of what a
    reporter added who came back, everybody with a part is told, and the coordinator.
    """
    added = event.data.added if isinstance(event, ReferralSupplemented) else ()
    decision = book.decide(event.data.facts)
    before = book.decide(referral.facts) if referral.overridden else None
    turn = Turn(referral, now, book)
    reopened = referral.status in ENDED
    _adopt(turn, event.data.facts, event.sequence, decision)
    if reopened:
        turn.pass_on(Passage.reopen)
        turn.tell(ReferralReopened, ReopenedData())
    tell_routed(turn, start_missing_clocks(turn, decision, reopened=reopened))
    for agency in turn.open:
        if agency in turn.referral.barred:
            revoke(turn, agency, turn.referral.barred[agency])
    _update_open(turn, decision, added)
    tell_added(turn, turn.open, added)
    ask(turn, decision.offers if reopened else _not_yet_involved(turn, decision, before))
    if not turn.open:
        ask_coordinator(turn, NOBODY_LEFT)
    return turn.done()


def _adopt(turn: Turn, facts: Facts, taken: int, decision: Decision) -> None:
    turn.change(
        facts=facts,
        taken=taken,
        urgency=_most_urgent(turn.referral.urgency, decision.urgency),
        reasons=decision.reasons,
        rules_version=decision.rules_version,
        consult=decision.consult,
        barred=barred(turn.referral, decision),
    )


def _most_urgent(*urgencies: Urgency) -> Urgency:
    return min(urgencies, key=MOST_URGENT_FIRST.index)


def _update_open(turn: Turn, decision: Decision, added: tuple[Added, ...]) -> None:
    """Tells the new facts. A department that led and is no longer named supports: there is one lead."""
    roles = {offer.agency: offer.role for offer in decision.offers}
    for agency in turn.open:
        had = turn.assignments[agency].role
        turn.note(agency, role=roles.get(agency, AssignmentRole.support if had is AssignmentRole.lead else had))
    tell_updated(turn, turn.open, added, hastened=clocks.hasten(turn, turn.referral.urgency))


def _not_yet_involved(turn: Turn, decision: Decision, before: Decision | None) -> list[Offer]:
    """Leaves out agencies that have completed their part: a supplement alone does not call them back.

    Where the coordinator decided in the rules' stead, only those are asked whom the new facts call for and the old did not.
    """
    called = {offer.agency for offer in before.offers} if before else set()
    return [o for o in _never_completed(turn, decision) if o.agency not in called]


def _never_completed(turn: Turn, decision: Decision) -> list[Offer]:
    return [o for o in decision.offers if o.agency not in turn.assignments or turn.assignments[o.agency].completed is None]
