"""What became of the person. Pure."""

from itertools import product
from typing import Final

from services.reporting.figures import counting, moments
from services.reporting.figures.counting import known, once
from services.reporting.figures.measure import Count, Measure
from services.reporting.figures.moments import end_of, when
from services.reporting.measures.terms import every
from shared.events import routing
from shared.vocabulary import ClosureReason, ThrivingIndicator

THRIVING: Final[tuple[Measure, ...]] = (
    Count(
        name="thriving",
        title="Thriving, by day and indicator",
        definition="Referrals for which something was recorded at that day, and those with the indicator in place, as last "
        "told by any agency.",
        numerator="referrals with the indicator in place",
        denominator="referrals recorded at that day",
        sources=(routing.ThrivingRecorded,),
        by=("day", "indicator"),
        rows=counting.thriving,
        dated=moments.thriving,
        listed=tuple(product(("30", "90", "180"), ("recorded", "not_recorded", *ThrivingIndicator.terms()))),
    ),
    Count(
        name="closure",
        title="Closure reasons",
        definition="Referrals closed now, by reason; not_closed for the rest, reopened ones among them.",
        numerator="referrals closed for the reason",
        sources=(routing.ReferralClosed, routing.ReferralReopened),
        by=("reason",),
        rows=counting.closure,
        dated=when(counting.closure, end_of("closed")),
        listed=every(ClosureReason, "not_closed"),
        whole=True,
    ),
    Count(
        name="reopened",
        title="Reopened",
        definition="Referrals that were ever reopened.",
        numerator="referrals reopened",
        sources=(routing.ReferralReopened,),
        rows=once(known("reopened")),
        listed=((),),
    ),
)
