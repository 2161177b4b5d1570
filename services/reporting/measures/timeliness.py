"""How long people waited. Pure."""

from typing import Final

from services.reporting.figures.measure import Measure, Timing
from services.reporting.figures.moments import between, first, receipt
from shared.events import intake, routing

TIMELINESS: Final[tuple[Measure, ...]] = (
    Timing(
        name="received_to_routed",
        title="From received to routed",
        definition="From receipt to the first decision of the routing rules.",
        numerator="times within the target",
        sources=(intake.ReferralReceived, routing.ReferralRouted),
        spans=between(receipt, first("routed")),
    ),
    Timing(
        name="routed_to_accepted",
        title="From routed to accepted",
        definition="From the first routing decision to the first acceptance by any agency.",
        numerator="times within the target",
        sources=(routing.ReferralRouted, routing.AssignmentAccepted),
        spans=between(first("routed"), first("accepted")),
    ),
    Timing(
        name="accepted_to_contacted",
        title="From accepted to first victim contact",
        definition="From the first acceptance to the first time that any agency reached the victim.",
        numerator="times within the target",
        sources=(routing.AssignmentAccepted, routing.AssignmentProgressed),
        spans=between(first("accepted"), first("contacted")),
    ),
    Timing(
        name="contacted_to_served",
        title="From first victim contact to first service",
        definition="From the first victim contact to the first service provided.",
        numerator="times within the target",
        sources=(routing.AssignmentProgressed, routing.ServiceRecorded),
        spans=between(first("contacted"), first("served")),
    ),
    Timing(
        name="received_to_contacted",
        title="From received to first victim contact",
        definition="From receipt to the first time that any agency reached the victim.",
        numerator="times within the target",
        sources=(intake.ReferralReceived, routing.AssignmentProgressed),
        spans=between(receipt, first("contacted")),
    ),
    Timing(
        name="received_to_served",
        title="From received to first service",
        definition="From receipt to the first service provided.",
        numerator="times within the target",
        sources=(intake.ReferralReceived, routing.ServiceRecorded),
        spans=between(receipt, first("served")),
    ),
)
