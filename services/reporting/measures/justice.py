"""What the law did. Pure."""

from typing import Final

from services.reporting.figures import moments
from services.reporting.figures.measure import Count, Measure
from services.reporting.figures.moments import entries
from services.reporting.measures.terms import ACCOUNTS, every
from shared.events import routing
from shared.vocabulary import Charge, Disposition, JusticeStep

JUSTICE: Final[tuple[Measure, ...]] = (
    Count(
        name="justice_steps",
        title="Justice, by step",
        definition="Referrals in which the step was ever recorded.",
        numerator="referrals with the step",
        sources=(routing.JusticeRecorded,),
        by=("step",),
        dated=entries("justice", "step"),
        listed=every(JusticeStep),
    ),
    Count(
        name="charges",
        title="Charges, by kind",
        definition="Referrals in which a charge of the kind was recorded.",
        numerator="referrals with the charge",
        denominator="referrals with any charge",
        sources=(routing.JusticeRecorded,),
        by=("charge",),
        dated=entries("justice", "charge"),
        listed=every(Charge),
    ),
    Count(
        name="dispositions",
        title="Dispositions",
        definition="Referrals in which a charge ended in this way.",
        numerator="referrals with the disposition",
        denominator="referrals with any disposition",
        sources=(routing.JusticeRecorded,),
        by=("disposition",),
        dated=entries("justice", "disposition"),
        listed=every(Disposition),
    ),
    Count(
        name="missing_children_investigated",
        title="Investigations involving missing children",
        definition="Referrals of a missing child in which an investigation was opened.",
        numerator="referrals of a missing child with an investigation opened",
        sources=(*ACCOUNTS, routing.JusticeRecorded),
        dated=moments.missing_child_investigated,
        listed=((),),
    ),
)
