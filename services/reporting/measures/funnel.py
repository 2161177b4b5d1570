"""What came in, who told it, and how far it came. Pure."""

from typing import Final

from services.reporting.figures import counting, moments
from services.reporting.figures.counting import fact, known, once
from services.reporting.figures.measure import UNTOLD, Count, Measure
from services.reporting.figures.moments import end_of, first, receipt, when, with_receipt
from services.reporting.measures.terms import ACCOUNTS, STEPS, every
from shared.events import intake, routing
from shared.vocabulary import (
    AgeBand,
    Channel,
    Gender,
    Minor,
    RaceEthnicity,
    Reporter,
    RerouteReason,
    ScreenOutReason,
    Town,
    Urgency,
    WithdrawalReason,
)


def _received_by(name: str, words: str, fact_name: str, terms: tuple[tuple[str, ...], ...]) -> Count:
    rows = fact(fact_name)
    return Count(
        name=f"received_by_{name}",
        title=f"Referrals received, by {words}",
        definition=f"Referrals received, by {words} as last told.",
        numerator="referrals received",
        sources=ACCOUNTS,
        by=(name,),
        rows=rows,
        dated=with_receipt(rows),
        listed=terms,
        whole=True,
    )


ENDS: Final = (routing.ReferralClosed, routing.ReferralScreenedOut, intake.ReferralWithdrawn)

FUNNEL: Final[tuple[Measure, ...]] = (
    Count(
        name="received",
        title="Referrals received",
        definition="Referrals that intake confirmed with a receipt code, duplicates and withdrawn ones included.",
        numerator="referrals received",
        sources=ACCOUNTS,
        dated=when(once(counting.always), receipt),
        listed=((),),
        whole=True,
    ),
    Count(
        name="funnel",
        title="How far referrals came",
        definition="Referrals that ever came to the step: received, routed, offered to an agency, accepted by one, the victim "
        "contacted, a service provided, and closed (now).",
        numerator="referrals that came to the step",
        sources=(*ACCOUNTS, *STEPS, routing.ReferralRouted, routing.AssignmentProgressed, routing.ServiceRecorded),
        by=("step",),
        dated=moments.funnel,
        listed=tuple((step,) for step in moments.FUNNEL),
        caveat="The tracks run beside one another: a service can come before an acceptance.",
    ),
    _received_by("reporter", "who told", "reporter", every(Reporter)),
    _received_by("channel", "channel", "channel", every(Channel)),
    _received_by("age_group", "age group", "age_band", every(AgeBand)),
    _received_by("minor", "whether under 18", "minor", every(Minor)),
    _received_by("town", "town of exploitation", "town", every(Town)),
    _received_by("gender", "gender", "gender", every(Gender)),
    _received_by("language", "preferred language", "language", (("und",),)),
    Count(
        name="received_by_race_ethnicity",
        title="Referrals received, by race and ethnicity",
        definition="Several may apply to one person and each counts, so the rows add up to more than the referrals.",
        numerator="referrals received",
        sources=ACCOUNTS,
        by=("race_ethnicity",),
        dated=with_receipt(counting.races),
        listed=every(RaceEthnicity),
    ),
    Count(
        name="routed",
        title="Referrals routed, by urgency",
        definition="Referrals that the routing rules have decided on, by the urgency last decided; the rest as not_routed.",
        numerator="referrals routed",
        sources=(routing.ReferralRouted, routing.UrgencyRaised),
        by=("urgency",),
        rows=counting.urgencies,
        dated=when(counting.urgencies, first("routed")),
        listed=every(Urgency, UNTOLD),
        whole=True,
    ),
    Count(
        name="screened_out",
        title="Screened out, by reason",
        definition="Referrals found to be none for this taskforce, unless they were reopened.",
        numerator="referrals screened out",
        sources=(routing.ReferralScreenedOut, routing.ReferralReopened),
        by=("reason",),
        rows=counting.screened_out,
        dated=when(counting.screened_out, end_of("screened_out")),
        listed=every(ScreenOutReason),
    ),
    Count(
        name="withdrawn",
        title="Withdrawn, by reason",
        definition="Referrals that the reporter took back.",
        numerator="referrals withdrawn",
        sources=(intake.ReferralWithdrawn,),
        by=("reason",),
        dated=when(counting.withdrawn, moments.withdrawal),
        listed=every(WithdrawalReason),
    ),
    Count(
        name="rerouted",
        title="Rerouted, by reason",
        definition="Referrals that moved from one agency to another, once for every reason that ever moved them.",
        numerator="referrals rerouted",
        sources=(routing.AssignmentRerouted,),
        by=("reason",),
        rows=counting.reroutes,
        listed=every(RerouteReason),
    ),
    Count(
        name="duplicates_linked",
        title="Duplicates linked",
        definition="Referrals that the coordinator linked to another that probably tells of the same case. "
        "Both stay in every other figure.",
        numerator="referrals linked as duplicates",
        sources=(routing.DuplicateLinked,),
        rows=once(known("duplicate_of")),
        listed=((),),
    ),
    Count(
        name="unassigned",
        title="Unassigned",
        definition="Referrals not closed, screened out or withdrawn that are in no agency's hands now: "
        "awaiting_answer where an offer is open, nobody_asked where none is.",
        numerator="referrals unassigned now",
        sources=(*STEPS, routing.AssignmentProgressed, *ENDS),
        by=("state",),
        rows=counting.unassigned,
        listed=(("awaiting_answer",), ("nobody_asked",)),
    ),
)
