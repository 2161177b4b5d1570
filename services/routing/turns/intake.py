"""What intake's events do to a referral: routed, routed anew, or taken back. Pure."""

from collections.abc import Iterable
from datetime import datetime

from services.routing.life import clocks
from services.routing.life.assignments import REFERRAL, Passage
from services.routing.life.escalation import escalate_to_coordinator
from services.routing.life.offers import ask, ask_coordinator, revoke, tell_updated
from services.routing.life.referral import ENDED, Clock, Likely, Referral
from services.routing.life.rerouting import NOBODY_LEFT
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import MOST_URGENT_FIRST, Decision, Offer
from services.routing.rules.derived import possibly_minor
from services.routing.turns.reporter_back import contact_ended, only_contact, tell_added
from shared.events.facts import Facts
from shared.events.intake import DuplicatesFound, IntakeEvent, ReferralReceived, ReferralSupplemented, ReferralWithdrawn
from shared.events.routing import (
    DuplicateLinked,
    DuplicateLinkedData,
    ReferralReopened,
    ReferralRouted,
    ReopenedData,
    RoutedData,
)
from shared.vocabulary import Added, AssignmentRole, ClockKind, ReferralStatus, RevokeReason, Urgency

WITHDRAWN_GOES_ON = "withdrawn_goes_on"


def take(referral: Referral | None, event: IntakeEvent, book: RuleBook, now: datetime) -> Decided | None:
    """The effect of the next event of intake; None where there is none to have.

    A supplement to a referral never seen (its first event was skipped by an operator) is routed like a new one.
    """
    if isinstance(event, ReferralWithdrawn):
        return withdrawn(referral, event, book, now) if referral else None
    if isinstance(event, DuplicatesFound):
        return likened(referral, event, book, now) if referral else None
    if referral is None:
        return received(event, book, now)
    if isinstance(event, ReferralSupplemented) and referral.status in ENDED and only_contact(event):
        return contact_ended(referral, event, book, now)
    return supplemented(referral, event, book, now)


def received(event: ReferralReceived | ReferralSupplemented, book: RuleBook, now: datetime) -> Decided:
    """Applies the rules to a new referral and asks the agencies they name."""
    decision = book.decide(event.data.facts)
    turn = Turn(_new(event, decision, now), now, book)
    tell_routed(turn, [clocks.start(turn, kind) for kind in (ClockKind.unassigned, *decision.clocks)])
    ask(turn, decision.offers)
    return turn.done()


def _new(event: ReferralReceived | ReferralSupplemented, decision: Decision, now: datetime) -> Referral:
    return Referral(
        id=event.subject,
        version=0,
        sequence=0,
        taken=event.sequence,
        status=REFERRAL[ReferralStatus.received][Passage.route],
        correlation=event.correlationid,
        received=now,
        facts=event.data.facts,
        urgency=decision.urgency,
        reasons=decision.reasons,
        rules_version=decision.rules_version,
        consult=decision.consult,
        barred=decision.barred,
        assignments={},
        clocks=(),
    )


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


def barred(referral: Referral, decision: Decision) -> dict[str, RevokeReason]:
    """Whom the rules bar, and whom people left out."""
    return {**decision.barred, **dict.fromkeys(referral.excluded, RevokeReason.excluded)}


def _most_urgent(*urgencies: Urgency) -> Urgency:
    return min(urgencies, key=MOST_URGENT_FIRST.index)


def tell_routed(turn: Turn, begun: Iterable[Clock]) -> None:
    """Tells the decision as it stands, and the referral's own clocks that begin with it."""
    referral, told = turn.referral, clocks.all_told(begun)
    data = RoutedData(urgency=referral.urgency, reasons=referral.reasons, rules_version=referral.rules_version, clocks=told)
    turn.tell(ReferralRouted, data)


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


def start_missing_clocks(turn: Turn, decision: Decision, *, reopened: bool) -> list[Clock]:
    """Starts what this referral never had; after a reopening, waiting for an agency and for an advocate starts anew."""
    again = (ClockKind.unassigned, ClockKind.advocate_contact) if reopened else ()
    return [
        clocks.start(turn, kind)
        for kind in dict.fromkeys((*again[:1], *decision.clocks))
        if turn.running(kind) is None and (kind in again or kind not in turn.referral.started)
    ]


def withdrawn(referral: Referral, event: ReferralWithdrawn, book: RuleBook, now: datetime) -> Decided:
    """Takes every open part back; a possible minor or immediate danger goes on, and the coordinator has to know.

    State law: a report about a child stands once it was made, whoever made it and whatever they wish later.
    """
    turn = Turn(referral, now, book)
    turn.change(taken=event.sequence)
    if referral.status in ENDED:
        return turn.done()
    if referral.facts.immediate_danger or possibly_minor(referral.facts):
        ask_coordinator(turn, WITHDRAWN_GOES_ON)
        escalate_to_coordinator(turn, (WITHDRAWN_GOES_ON,))
        return turn.done()
    for agency in turn.open:
        revoke(turn, agency, RevokeReason.withdrawn)
    clocks.stop(turn)
    turn.pass_on(Passage.withdraw)
    return turn.done()


def likened(referral: Referral, event: DuplicatesFound, book: RuleBook, now: datetime) -> Decided:
    """Links it, for the coordinator, with the referrals that intake found likely to be the same. Whatever is under way goes on.

    What the coordinator linked already is not told again.
    """
    turn = Turn(referral, now, book)
    likely = tuple(Likely(one.referral, one.score, one.reasons) for one in event.data.duplicates)
    turn.change(taken=event.sequence, likely_duplicates=likely)
    for one in likely:
        if one.referral != referral.duplicate_of:
            data = DuplicateLinkedData(duplicate_of=one.referral, score=one.score, reasons=one.reasons)
            turn.tell(DuplicateLinked, data)
    return turn.done()
