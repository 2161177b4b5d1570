"""Whether there is a victim, and who held so. Pure."""

from typing import Final

from services.reporting.figures import counting
from services.reporting.figures.measure import Count, Measure
from services.reporting.figures.moments import when
from services.reporting.measures.terms import every
from shared.events import routing
from shared.vocabulary import VictimStatus

VICTIMS: Final[tuple[Measure, ...]] = (
    Count(
        name="victim_status",
        title="Victim status",
        definition="The victim status last decided by any agency; not_assessed where none has decided.",
        numerator="referrals with the status",
        sources=(routing.VictimAssessed,),
        by=("status",),
        rows=counting.victim,
        dated=when(counting.victim, counting.decided_at),
        listed=every(VictimStatus, "not_assessed"),
        whole=True,
    ),
    Count(
        name="victim_status_decided_by",
        title="Victim status, by who decided",
        definition="The victim status last decided, and the agency that decided it.",
        numerator="referrals with the status decided by the agency",
        denominator="referrals assessed",
        sources=(routing.VictimAssessed,),
        by=("status", "agency"),
        dated=when(counting.decided, counting.decided_at),
    ),
)
