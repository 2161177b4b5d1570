"""What happens when an agency does not take its part: the next one is asked, and the level above is told."""

from services.routing.life.assignments import Step
from services.routing.life.escalation import escalate_to_coordinator
from services.routing.life.offers import ask, ask_coordinator, may_be_asked
from services.routing.life.turn import Turn
from services.routing.rules.decision import Offer
from services.routing.rules.rule import KINDS
from shared.agencies import AgencyKind
from shared.events.routing import AssignmentRerouted, ReroutedData
from shared.vocabulary import AssignmentRole, ClockKind, RerouteReason

NOBODY_LEFT = "nobody_left"
_ROLES = {AgencyKind.coordinator: AssignmentRole.coordination}


def reroute(turn: Turn, agency: str, reason: RerouteReason, clock: ClockKind | None = None) -> None:
    """Asks the next agency by the rules' `fallback`; tells the coordinator where nobody else is left, or it happened before.

    `agency` has just declined or expired; `clock` is the one that ran out, where one did.
    """
    left = turn.move(agency, Step.reroute)
    offers = fallback_offers(turn, agency)
    to = tuple(offer.agency for offer in offers)
    turn.tell(AssignmentRerouted, ReroutedData(agency=agency, role=left.role, reason=reason, to=to))
    ask(turn, offers)
    repeated = turn.referral.rerouted > 0
    turn.change(rerouted=turn.referral.rerouted + 1)
    if repeated or set(turn.open) <= {turn.book.coordinator}:
        escalate_to_coordinator(turn, _reasons(turn, agency), agency=agency, clock=clock)
    if not turn.open:
        ask_coordinator(turn, NOBODY_LEFT)


def fallback_offers(turn: Turn, agency: str) -> list[Offer]:
    """The first of the fallbacks that may still be asked."""
    fallback = turn.book.fallback.get(turn.book.kinds.get(agency, AgencyKind.police))
    for target in fallback.to if fallback else ():
        ids = turn.book.agencies.of_kind(AgencyKind(target)) if target in KINDS else (target,)
        offers = [_offer(turn, agency, to) for to in ids if may_be_asked(turn, to)]
        if offers:
            return offers
    return []


def _offer(turn: Turn, agency: str, to: str) -> Offer:
    role = _ROLES.get(turn.book.kinds[to], turn.assignments[agency].role)
    return Offer(to, role, _reasons(turn, agency))


def _reasons(turn: Turn, agency: str) -> tuple[str, ...]:
    """Why the agency was asked, and that it did not take it."""
    kind = turn.book.kinds.get(agency)
    fallback = turn.book.fallback.get(kind) if kind else None
    return (*turn.assignments[agency].reasons, fallback.id if fallback else NOBODY_LEFT)
