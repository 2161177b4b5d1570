"""The decision by the rules as it is told, and the clocks that begin with it. Pure."""

from collections.abc import Iterable

from services.routing.life import clocks
from services.routing.life.referral import Clock, Referral
from services.routing.life.turn import Turn
from services.routing.rules.decision import Decision
from shared.events.routing import ReferralRouted, RoutedData
from shared.vocabulary import ClockKind, RevokeReason


def barred(referral: Referral, decision: Decision) -> dict[str, RevokeReason]:
    """Whom the rules bar, and whom people left out."""
    return {**decision.barred, **dict.fromkeys(referral.excluded, RevokeReason.excluded)}


def tell_routed(turn: Turn, begun: Iterable[Clock]) -> None:
    """Tells the decision as it stands, and the referral's own clocks that begin with it."""
    referral, told = turn.referral, clocks.all_told(begun)
    data = RoutedData(urgency=referral.urgency, reasons=referral.reasons, rules_version=referral.rules_version, clocks=told)
    turn.tell(ReferralRouted, data)


def start_missing_clocks(turn: Turn, decision: Decision, *, reopened: bool) -> list[Clock]:
    """Starts what this referral never had; after a reopening, waiting for an agency and for an advocate starts anew."""
    again = (ClockKind.unassigned, ClockKind.advocate_contact) if reopened else ()
    return [
        clocks.start(turn, kind)
        for kind in dict.fromkeys((*again[:1], *decision.clocks))
        if turn.running(kind) is None and (kind in again or kind not in turn.referral.started)
    ]
