"""From events to the record of a referral. Pure: no client library, no clock, and no input is changed.

A case is one referral's document. Every topic writes its own part and no other, so the topics may arrive in any order
relative to one another and the case comes out the same; within a topic the sequence keeps the order:

    {_id: referral id, applied: {intake: n, activity: n, delivered: n},
     intake:    {received, facts, supplemented, withdrawn: {at, reason}},
     activity:  {routed, urgency, offered, accepted, contacted, served, agencies: {ID: {role, status, answer_by,
                 STATUS: at, STATUS_because}}, reroutes, escalations, clocks: {KIND: {started, met, missed}},
                 services: [{service, status, barrier, at}], justice: [{step, charge, disposition, at}],
                 reports: [{report, called_by, at}], thriving: {DAY: {indicators, agency, at}},
                 victim: {status, by, at}, duplicate_of, closed: {at, reason}, screened_out: {at, reason}, reopened},
     delivered: {NOTICE: {channel, urgency, attempts, after_ms or reason}}}

`applied` counts what has been folded of each part. Moments are those of the events; `routed`, `accepted` and the like are
the first of their kind. What repeats is kept once a day by its codes, so a case stays small however many events come.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.cases import assignments, notices, outcomes, standing, told
from services.reporting.cases.assignments import assignment
from services.reporting.cases.clocks import clock, clock_started, with_clocks
from services.reporting.cases.part import EMPTY, Change, unchanged
from shared.delivery.order import is_new
from shared.events import intake, notification, routing
from shared.events.envelope import Event

Case = Mapping[str, Any]
INTAKE, ACTIVITY, DELIVERED = "intake", "activity", "delivered"


def fold(case: Case, event: Any, *, accept_gap: bool = False) -> Case | None:
    """The case after an event of any of the three topics; None where it has counted before.

    Gap where an event before it is missing. Notices have no order among themselves: each is one event and counts once.
    """
    name, change = FOLDS[type(event)]
    applied = case.get("applied", EMPTY)
    part, count = case.get(name, EMPTY), applied.get(name, 0)
    if name == DELIVERED:
        if event.data.notice.hex in part:
            return None
        count += 1
    elif is_new(count, event.sequence, accept_gap=accept_gap):
        count = event.sequence
    else:
        return None
    return {**case, name: change(part, event), "applied": {**applied, name: count}}


FOLDS: Final[Mapping[type[Event], tuple[str, Change]]] = {
    intake.ReferralReceived: (INTAKE, told.received),
    intake.ReferralSupplemented: (INTAKE, told.supplemented),
    intake.ReferralWithdrawn: (INTAKE, told.withdrawn),
    intake.DuplicatesFound: (INTAKE, unchanged),
    routing.ReferralRouted: (ACTIVITY, with_clocks(standing.routed)),
    routing.AssignmentOffered: (ACTIVITY, assignments.offered),
    routing.AssignmentReminded: (ACTIVITY, unchanged),
    routing.AssignmentUpdated: (ACTIVITY, with_clocks(unchanged)),
    routing.AssignmentAccepted: (ACTIVITY, with_clocks(assignments.accepted)),
    routing.AssignmentDeclined: (ACTIVITY, assignment("declined")),
    routing.AssignmentExpired: (ACTIVITY, assignment("expired")),
    routing.AssignmentRevoked: (ACTIVITY, assignment("revoked")),
    routing.AssignmentRerouted: (ACTIVITY, assignments.rerouted),
    routing.AssignmentProgressed: (ACTIVITY, with_clocks(assignments.progressed)),
    routing.AssignmentCompleted: (ACTIVITY, assignment("completed")),
    routing.ReferralClosed: (ACTIVITY, standing.closed),
    routing.ReferralReopened: (ACTIVITY, standing.reopened),
    routing.ReferralScreenedOut: (ACTIVITY, standing.screened_out),
    routing.ReferralOverridden: (ACTIVITY, unchanged),
    routing.AgencyExcluded: (ACTIVITY, unchanged),
    routing.UrgencyRaised: (ACTIVITY, standing.urgency_raised),
    routing.ReportRecorded: (ACTIVITY, with_clocks(outcomes.report_recorded)),
    routing.DuplicateLinked: (ACTIVITY, standing.duplicate_linked),
    routing.ReporterAdded: (ACTIVITY, unchanged),
    routing.ReferralEscalated: (ACTIVITY, standing.escalated),
    routing.ClockStarted: (ACTIVITY, clock_started),
    routing.ClockMet: (ACTIVITY, clock("met")),
    routing.ClockMissed: (ACTIVITY, clock("missed")),
    routing.ServiceRecorded: (ACTIVITY, with_clocks(outcomes.service_recorded)),
    routing.JusticeRecorded: (ACTIVITY, with_clocks(outcomes.justice_recorded)),
    routing.ThrivingRecorded: (ACTIVITY, with_clocks(outcomes.thriving_recorded)),
    routing.VictimAssessed: (ACTIVITY, with_clocks(outcomes.victim_assessed)),
    notification.NotificationDelivered: (DELIVERED, notices.delivered),
    notification.NotificationFailed: (DELIVERED, notices.failed),
}
"""The part of the case that an event type belongs to, and what it does there."""
