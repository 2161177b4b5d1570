"""What intake's events do to a referral: routed, routed anew, or taken back. Pure."""

from datetime import datetime

from services.routing.life import clocks
from services.routing.life.assignments import REFERRAL, Passage
from services.routing.life.escalation import escalate_to_coordinator
from services.routing.life.offers import ask, ask_coordinator, revoke
from services.routing.life.referral import ENDED, Likely, Referral
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision
from services.routing.rules.derived import possibly_minor
from services.routing.turns.reporter_back import contact_ended, only_contact
from services.routing.turns.routed import tell_routed
from services.routing.turns.supplement import supplemented
from shared.events.intake import DuplicatesFound, IntakeEvent, ReferralReceived, ReferralSupplemented, ReferralWithdrawn
from shared.events.routing import DuplicateLinked, DuplicateLinkedData
from shared.vocabulary import ClockKind, ReferralStatus, RevokeReason

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
