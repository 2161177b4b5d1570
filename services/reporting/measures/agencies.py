"""What agencies were asked, what they answered, and what they have in hand. Pure."""

from typing import Final

from services.reporting.figures import counting, moments
from services.reporting.figures.measure import Count, Measure, Timing
from services.reporting.measures.terms import BEGINNINGS, STEPS, every
from shared.events import routing
from shared.vocabulary import EscalationLevel

AGENCIES: Final[tuple[Measure, ...]] = (
    Count(
        name="assignments",
        title="Assignments, by agency and step",
        definition="Referrals in which the agency's assignment ever took the step, however often.",
        numerator="referrals in which the agency was offered a part, accepted, declined, let it expire, lost it to another, "
        "had it taken back, or completed it",
        sources=STEPS,
        by=("agency", "step"),
        dated=moments.steps,
    ),
    Count(
        name="declined",
        title="Declined, by agency and reason",
        definition="Referrals that the agency ever declined, by the reason it gave last.",
        numerator="referrals declined by the agency",
        denominator="referrals offered to the agency",
        sources=(routing.AssignmentDeclined,),
        by=("agency", "reason"),
        dated=moments.declines,
    ),
    Count(
        name="workload",
        title="In hand now, by agency and state",
        definition="Referrals that have not ended in which the agency's part is offered, accepted or in progress now.",
        numerator="referrals in the agency's hands",
        sources=(*STEPS, routing.AssignmentProgressed),
        by=("agency", "state"),
        rows=counting.holdings,
    ),
    Timing(
        name="answer_time",
        title="Time to answer, by agency",
        definition="From the agency's first offer in a referral to its first acceptance or refusal. An offer that expired "
        "or was taken back unanswered is not ended.",
        numerator="answers within the target",
        sources=STEPS,
        by=("agency",),
        listed=(),
        spans=moments.answers,
    ),
    Count(
        name="escalations",
        title="Escalations, by level",
        definition="Times that a supervisor or the coordinator had to be told because nobody had answered.",
        numerator="escalations of referrals received in the period",
        denominator="none: these are events",
        unit="escalations",
        sources=(routing.ReferralEscalated,),
        by=("level",),
        rows=counting.escalations,
        listed=every(EscalationLevel),
    ),
    Count(
        name="clocks",
        title="Clocks, by kind and state",
        definition="Clocks that started, were met (in time, or at last after a miss) and were missed.",
        numerator="clocks in the state",
        denominator="clocks of the kind that started",
        unit="clocks",
        sources=(*BEGINNINGS, routing.ClockMet, routing.ClockMissed),
        by=("clock", "state"),
        rows=counting.clocks,
    ),
    Count(
        name="mandated_reports",
        title="Mandated reports to DCF, by kind and who made it",
        definition="Referrals of which the oral or the written report was recorded, by the profession of who made it.",
        numerator="referrals with the report recorded",
        sources=(routing.ReportRecorded,),
        by=("report", "called_by"),
        dated=moments.entries("reports", "report", "called_by"),
        caveat="The reports themselves are made outside this system; what was not recorded here is not counted.",
    ),
)
