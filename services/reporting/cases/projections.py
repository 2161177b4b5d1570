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

from services.reporting.cases import changes
from services.reporting.cases.changes import EMPTY, Change
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
    intake.ReferralReceived: (INTAKE, changes.received),
    intake.ReferralSupplemented: (INTAKE, changes.supplemented),
    intake.ReferralWithdrawn: (INTAKE, changes.withdrawn),
    intake.DuplicatesFound: (INTAKE, changes.unchanged),
    routing.ReferralRouted: (ACTIVITY, changes.with_clocks(changes.routed)),
    routing.AssignmentOffered: (ACTIVITY, changes.offered),
    routing.AssignmentReminded: (ACTIVITY, changes.unchanged),
    routing.AssignmentUpdated: (ACTIVITY, changes.with_clocks(changes.unchanged)),
    routing.AssignmentAccepted: (ACTIVITY, changes.with_clocks(changes.accepted)),
    routing.AssignmentDeclined: (ACTIVITY, changes.assignment("declined")),
    routing.AssignmentExpired: (ACTIVITY, changes.assignment("expired")),
    routing.AssignmentRevoked: (ACTIVITY, changes.assignment("revoked")),
    routing.AssignmentRerouted: (ACTIVITY, changes.rerouted),
    routing.AssignmentProgressed: (ACTIVITY, changes.with_clocks(changes.progressed)),
    routing.AssignmentCompleted: (ACTIVITY, changes.assignment("completed")),
    routing.ReferralClosed: (ACTIVITY, changes.closed),
    routing.ReferralReopened: (ACTIVITY, changes.reopened),
    routing.ReferralScreenedOut: (ACTIVITY, changes.screened_out),
    routing.ReferralOverridden: (ACTIVITY, changes.unchanged),
    routing.AgencyExcluded: (ACTIVITY, changes.unchanged),
    routing.UrgencyRaised: (ACTIVITY, changes.urgency_raised),
    routing.ReportRecorded: (ACTIVITY, changes.with_clocks(changes.report_recorded)),
    routing.DuplicateLinked: (ACTIVITY, changes.duplicate_linked),
    routing.ReporterAdded: (ACTIVITY, changes.unchanged),
    routing.ReferralEscalated: (ACTIVITY, changes.escalated),
    routing.ClockStarted: (ACTIVITY, changes.clock_started),
    routing.ClockMet: (ACTIVITY, changes.clock("met")),
    routing.ClockMissed: (ACTIVITY, changes.clock("missed")),
    routing.ServiceRecorded: (ACTIVITY, changes.with_clocks(changes.service_recorded)),
    routing.JusticeRecorded: (ACTIVITY, changes.with_clocks(changes.justice_recorded)),
    routing.ThrivingRecorded: (ACTIVITY, changes.with_clocks(changes.thriving_recorded)),
    routing.VictimAssessed: (ACTIVITY, changes.with_clocks(changes.victim_assessed)),
    notification.NotificationDelivered: (DELIVERED, changes.delivered),
    notification.NotificationFailed: (DELIVERED, changes.failed),
}
"""The part of the case that an event type belongs to, and what it does there."""
