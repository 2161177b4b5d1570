"""Every measure, declared once: the API, the report and the table in the documentation are made from this list. Pure.

A report counts the referrals **received** in its period and whatever became of them since, whenever that was. Facts are those
last told. What happened twice to one referral counts once, unless the unit says otherwise.
"""

from itertools import product
from typing import Final

from services.reporting import counting
from services.reporting.counting import between, fact, first, known, once
from services.reporting.figures import UNTOLD, Count, Measure, Row, Timing
from shared.events import intake, notification, routing
from shared.vocabulary import (
    AgeBand,
    Channel,
    Charge,
    ClosureReason,
    Disposition,
    EscalationLevel,
    Gender,
    JusticeStep,
    Minor,
    RaceEthnicity,
    Reporter,
    RerouteReason,
    ThrivingIndicator,
    Town,
    Urgency,
    VictimStatus,
    Vocabulary,
    WithdrawalReason,
)

FACTS: Final = (intake.ReferralReceived, intake.ReferralSupplemented)
STEPS: Final = (
    routing.AssignmentOffered,
    routing.AssignmentAccepted,
    routing.AssignmentDeclined,
    routing.AssignmentExpired,
    routing.AssignmentRerouted,
    routing.AssignmentRevoked,
    routing.AssignmentCompleted,
)
NOTICES: Final = (notification.NotificationDelivered, notification.NotificationFailed)


def _all(vocabulary: type[Vocabulary], *more: str) -> tuple[Row, ...]:
    return tuple((term,) for term in (*vocabulary.terms(), *more))


def _received_by(name: str, words: str, fact_name: str, terms: tuple[Row, ...]) -> Count:
    return Count(
        name=f"received_by_{name}",
        title=f"Referrals received, by {words}",
        definition=f"Referrals received, by {words} as last told.",
        numerator="referrals received",
        sources=FACTS,
        by=(name,),
        rows=fact(fact_name),
        listed=terms,
    )


FUNNEL: Final[tuple[Measure, ...]] = (
    Count(
        name="received",
        title="Referrals received",
        definition="Referrals that intake confirmed with a receipt code, duplicates and withdrawn ones included.",
        numerator="referrals received",
        sources=FACTS,
        rows=once(counting.always),
        listed=((),),
    ),
    _received_by("reporter", "who told", "reporter", _all(Reporter)),
    _received_by("channel", "channel", "channel", _all(Channel)),
    _received_by("age_group", "age group", "age_band", _all(AgeBand)),
    _received_by("minor", "whether under 18", "minor", _all(Minor)),
    _received_by("town", "town of exploitation", "town", _all(Town)),
    _received_by("gender", "gender", "gender", _all(Gender)),
    _received_by("language", "preferred language", "language", (("und",),)),
    Count(
        name="received_by_race_ethnicity",
        title="Referrals received, by race and ethnicity",
        definition="Several may apply to one person and each counts, so the rows add up to more than the referrals.",
        numerator="referrals received",
        sources=FACTS,
        by=("race_ethnicity",),
        rows=counting.races,
        listed=_all(RaceEthnicity),
    ),
    Count(
        name="routed",
        title="Referrals routed, by urgency",
        definition="Referrals that the routing rules have decided on, by the urgency last decided; the rest as not_routed.",
        numerator="referrals routed",
        sources=(routing.ReferralRouted, routing.UrgencyRaised),
        by=("urgency",),
        rows=counting.urgencies,
        listed=_all(Urgency, UNTOLD),
    ),
    Count(
        name="assignments",
        title="Assignments, by agency and step",
        definition="Referrals in which the agency's assignment ever took the step, however often.",
        numerator="referrals in which the agency was offered a part, accepted, declined, let it expire, lost it to another, "
        "had it taken back, or completed it",
        sources=STEPS,
        by=("agency", "step"),
        rows=counting.assignments,
    ),
    Count(
        name="declined",
        title="Declined, by agency and reason",
        definition="Referrals that the agency ever declined, by the reason it gave last.",
        numerator="referrals declined by the agency",
        denominator="referrals offered to the agency",
        sources=(routing.AssignmentDeclined,),
        by=("agency", "reason"),
        rows=counting.declined,
    ),
    Count(
        name="rerouted",
        title="Rerouted, by reason",
        definition="Referrals that moved from one agency to another, once for every reason that ever moved them.",
        numerator="referrals rerouted",
        sources=(routing.AssignmentRerouted,),
        by=("reason",),
        rows=counting.reroutes,
        listed=_all(RerouteReason),
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
        listed=_all(EscalationLevel),
    ),
    Count(
        name="clocks",
        title="Clocks, by kind and state",
        definition="Clocks that started, were met (in time, or at last after a miss) and were missed.",
        numerator="clocks in the state",
        denominator="clocks of the kind that started",
        unit="clocks",
        sources=(routing.ClockStarted, routing.ClockMet, routing.ClockMissed),
        by=("clock", "state"),
        rows=counting.clocks,
    ),
    Count(
        name="withdrawn",
        title="Withdrawn, by reason",
        definition="Referrals that the reporter took back.",
        numerator="referrals withdrawn",
        sources=(intake.ReferralWithdrawn,),
        by=("reason",),
        rows=counting.withdrawn,
        listed=_all(WithdrawalReason),
    ),
    Count(
        name="duplicates_linked",
        title="Duplicates linked",
        definition="Referrals linked to another that probably tells of the same case. Both stay in every other figure.",
        numerator="referrals linked as duplicates",
        sources=(routing.DuplicateLinked,),
        rows=once(known("duplicate_of")),
        listed=((),),
    ),
    Count(
        name="unassigned",
        title="Unassigned",
        definition="Referrals neither closed nor withdrawn that are in no agency's hands now: awaiting_answer where an offer "
        "is open, nobody_asked where none is.",
        numerator="referrals unassigned now",
        sources=(*STEPS, routing.AssignmentProgressed, routing.ReferralClosed, intake.ReferralWithdrawn),
        by=("state",),
        rows=counting.unassigned,
        listed=(("awaiting_answer",), ("nobody_asked",)),
    ),
)

TIMELINESS: Final[tuple[Measure, ...]] = (
    Timing(
        name="received_to_routed",
        title="From received to routed",
        definition="From receipt to the first decision of the routing rules.",
        numerator="times within the target",
        sources=(intake.ReferralReceived, routing.ReferralRouted),
        spans=between(counting.receipt, first("routed")),
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
        spans=between(counting.receipt, first("contacted")),
    ),
    Timing(
        name="received_to_served",
        title="From received to first service",
        definition="From receipt to the first service provided.",
        numerator="times within the target",
        sources=(intake.ReferralReceived, routing.ServiceRecorded),
        spans=between(counting.receipt, first("served")),
    ),
)

OUTCOMES: Final[tuple[Measure, ...]] = (
    Count(
        name="victim_status",
        title="Victim status",
        definition="The victim status last decided by any agency; not_assessed where none has decided.",
        numerator="referrals with the status",
        sources=(routing.VictimAssessed,),
        by=("status",),
        rows=counting.victim,
        listed=_all(VictimStatus, "not_assessed"),
    ),
    Count(
        name="victim_status_decided_by",
        title="Victim status, by who decided",
        definition="The victim status last decided, and the agency that decided it.",
        numerator="referrals with the status decided by the agency",
        denominator="referrals assessed",
        sources=(routing.VictimAssessed,),
        by=("status", "agency"),
        rows=counting.decided,
    ),
    Count(
        name="served",
        title="Referrals with a service provided",
        definition="Referrals in which at least one service was provided.",
        numerator="referrals with a service provided",
        sources=(routing.ServiceRecorded,),
        rows=once(known("served")),
        listed=((),),
    ),
    Count(
        name="services",
        title="Services, by kind and status",
        definition="Referrals in which the service ever had the status; one that was requested and then provided is in both.",
        numerator="referrals in which the service had the status",
        sources=(routing.ServiceRecorded,),
        by=("service", "status"),
        rows=counting.services,
    ),
    Count(
        name="service_barriers",
        title="Services unavailable, by barrier",
        definition="Referrals in which the service was ever unavailable for the reason; unknown where none was told.",
        numerator="referrals with the barrier",
        denominator="referrals in which the service was unavailable",
        sources=(routing.ServiceRecorded,),
        by=("service", "barrier"),
        rows=counting.barriers,
    ),
    Count(
        name="justice_steps",
        title="Justice, by step",
        definition="Referrals in which the step was ever recorded.",
        numerator="referrals with the step",
        sources=(routing.JusticeRecorded,),
        by=("step",),
        rows=counting.justice("step"),
        listed=_all(JusticeStep),
    ),
    Count(
        name="charges",
        title="Charges, by kind",
        definition="Referrals in which a charge of the kind was recorded.",
        numerator="referrals with the charge",
        denominator="referrals with any charge",
        sources=(routing.JusticeRecorded,),
        by=("charge",),
        rows=counting.justice("charge"),
        listed=_all(Charge),
    ),
    Count(
        name="dispositions",
        title="Dispositions",
        definition="Referrals in which a charge ended in this way.",
        numerator="referrals with the disposition",
        denominator="referrals with any disposition",
        sources=(routing.JusticeRecorded,),
        by=("disposition",),
        rows=counting.justice("disposition"),
        listed=_all(Disposition),
    ),
    Count(
        name="missing_children_investigated",
        title="Investigations involving missing children",
        definition="Referrals of a missing child in which an investigation was opened.",
        numerator="referrals of a missing child with an investigation opened",
        sources=(*FACTS, routing.JusticeRecorded),
        rows=once(counting.missing_child, counting.investigated),
        listed=((),),
    ),
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
        listed=_all(ClosureReason, "not_closed"),
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

NOTIFICATIONS: Final[tuple[Measure, ...]] = (
    Count(
        name="notices",
        title="Notices, by channel and end",
        definition="Notices to staff about referrals received in the period: delivered, or the reason why not.",
        numerator="notices that ended so",
        denominator="notices",
        unit="notices",
        sources=NOTICES,
        by=("channel", "end"),
        rows=counting.notices,
    ),
    Timing(
        name="notice_time",
        title="Time to notify",
        definition="From routing's event to the moment that the server took the notice; failed notices have no time.",
        numerator="notices delivered within the target",
        unit="milliseconds",
        sources=(notification.NotificationDelivered,),
        spans=counting.notice_times,
    ),
)

MEASURES: Final = (*FUNNEL, *TIMELINESS, *OUTCOMES, *NOTIFICATIONS)
TIMINGS: Final = tuple(measure.name for measure in MEASURES if isinstance(measure, Timing))
