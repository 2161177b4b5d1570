"""One example of every event, made up, and the same at every run. Nothing in it comes from a real referral."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.channels import AGENCY, Kind, writer_of
from shared.events import agency, intake, notification, routing
from shared.events.envelope import Envelope, Event, event_id

E = TypeVar("E", bound=Envelope)

REFERRAL = UUID("5f0c2f6e-6f0e-5b0a-8a55-0d6b6f2b7c11")
CORRELATION = UUID("a4b9d3c2-1e0f-5c7d-9b8a-7f6e5d4c3b2a")
POLICE = "hartford-pd"
AT = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)


def event(
    kind: type[E],
    data: Mapping[str, Any],
    *,
    referral: UUID = REFERRAL,
    sequence: int = 1,
    at: datetime = AT,
    by: str = POLICE,
    **attributes: Any,
) -> E:
    """An event with a full envelope. `by` is the agency that writes it, where one does; `sequence` then only makes the id."""
    writer = writer_of(kind)
    source = f"/agencies/{by}" if writer == AGENCY else f"/{writer}"
    envelope: dict[str, Any] = {
        "id": event_id(source, str(referral), sequence),
        "source": source,
        "subject": referral,
        "time": at,
        "correlationid": CORRELATION,
    }
    if issubclass(kind, Event):
        envelope["sequence"] = sequence
    return kind.model_validate(envelope | {"data": data} | attributes)


def example(kind: Kind) -> Envelope:
    """The example of one event. KeyError where a new event has none yet."""
    data, attributes = _DATA[kind], dict(_ATTRIBUTES.get(kind, {}))
    sequence = attributes.pop("sequence", 1)
    return event(kind, data, sequence=sequence, **attributes)


_FACTS = {
    "trafficking_type": "labor",
    "labor_exploitation": ("hospitality", "domestic_work"),
    "means_of_control": ("debt_bondage", "withholds_documents", "excessive_working_hours"),
    "recruitment": ("online_advertisement",),
    "relationship_to_trafficker": "acquainted",
    "gender": "female",
    "race_ethnicity": ("asian",),
    "age_band": "from_15_to_17",
    "minor": "yes",
    "language": "vi",
    "reporter": "school",
    "channel": "web",
    "town_of_exploitation": "hartford",
    "other_towns": ("windsor",),
    "town_of_residence": "manchester",
    "safe_contact": "text",
    "release": "given",
}
_LEAD = {"agency": POLICE, "role": "lead"}
_REASONS = ("minor", "labor_trafficking")
_NOTICE_ID = UUID("d1a7c0de-4b3c-5e2f-8f60-1a2b3c4d5e6f")
_NOTICE = {
    "notice": _NOTICE_ID,
    "about": event_id("/routing", str(REFERRAL), 2),
    "agency": POLICE,
    "role": "duty",
    "channel": "email",
    "urgency": "high",
}
_ANSWER_BY = AT + timedelta(hours=2)
_CLOCK = {"clock": "answer", "agency": POLICE, "due": _ANSWER_BY}
_UNASSIGNED = {"clock": "unassigned", "due": AT + timedelta(hours=1)}
_WORK = {"clock": "begin_work", "agency": POLICE, "due": AT + timedelta(hours=24)}
_NEXT_WORD = {"clock": "report_work", "agency": POLICE, "due": AT + timedelta(days=14)}
_WRITTEN = {"clock": "dcf_written_report", "due": AT + timedelta(hours=48)}
_SERVICE = {"service": "emergency_housing", "status": "unavailable", "barrier": "waiting_list"}
_JUSTICE = {"step": "charge", "charge": "trafficking_state"}
_THRIVING = {"day": 90, "indicators": ("safe_housing", "safety_plan")}
_BY = {"agency": POLICE}
_WORKED = _BY | {"clocks": (_NEXT_WORD,)}

_DATA: dict[Kind, Mapping[str, Any]] = {
    intake.ReferralReceived: {"facts": _FACTS},
    intake.ReferralSupplemented: {"facts": _FACTS | {"missing_child": True}, "added": ("words",)},
    intake.ReferralWithdrawn: {"reason": "mistake"},
    intake.DuplicatesFound: {
        "duplicates": (
            {
                "referral": UUID("c0ffee00-0000-5000-8000-000000000001"),
                "score": 0.93,
                "reasons": ("phone", "like_name_and_age"),
            },
        )
    },
    routing.ReferralRouted: {
        "urgency": "high",
        "reasons": _REASONS,
        "rules_version": "3f1c9a0b7d2e",
        "clocks": (_UNASSIGNED,),
    },
    routing.AssignmentOffered: _LEAD | {"urgency": "high", "reasons": _REASONS, "answer_by": _ANSWER_BY, "facts": _FACTS},
    routing.AssignmentReminded: _LEAD | {"urgency": "high", "reasons": _REASONS, "answer_by": _ANSWER_BY},
    routing.AssignmentUpdated: _BY | {"facts": _FACTS | {"missing_child": True}, "urgency": "critical", "clocks": (_CLOCK,)},
    routing.AssignmentAccepted: _LEAD | {"clocks": (_WORK,)},
    routing.AssignmentDeclined: _LEAD | {"reason": "no_capacity"},
    routing.AssignmentExpired: _LEAD,
    routing.AssignmentRevoked: _LEAD | {"reason": "withdrawn"},
    routing.AssignmentRerouted: _LEAD | {"reason": "expired", "to": ("coordinator",)},
    routing.AssignmentProgressed: _LEAD | {"progress": "victim_contacted", "clocks": (_NEXT_WORD,)},
    routing.AssignmentCompleted: _LEAD | {"reason": "goals_met"},
    routing.ReferralClosed: {"reason": "goals_met"},
    routing.ReferralReopened: _BY | {"reason": "new_information"},
    routing.ReferralScreenedOut: {"reason": "referred_elsewhere"},
    routing.ReferralOverridden: {"urgency": "high", "to": ("cca", POLICE), "reason": "jurisdiction"},
    routing.AgencyExcluded: _BY | {"reason": "suspect_works_there"},
    routing.UrgencyRaised: _BY | {"urgency": "critical", "reason": "about_to_be_moved"},
    routing.ReportRecorded: {
        "agency": "cca",
        "report": "oral",
        "called_by": "victim_advocate",
        "made_at": AT,
        "clocks": (_WRITTEN,),
    },
    routing.DuplicateLinked: {"duplicate_of": UUID("c0ffee00-0000-5000-8000-000000000001")},
    routing.ReporterAdded: {"agency": "coordinator", "urgency": "high", "added": ("answer",)},
    routing.ReferralEscalated: _BY | {"level": "supervisor", "clock": "answer", "urgency": "high", "reasons": _REASONS},
    routing.ClockStarted: _CLOCK,
    routing.ClockMet: _CLOCK,
    routing.ClockMissed: _CLOCK,
    routing.AgencyEventRejected: _BY | {"event": event_id(f"/agencies/{POLICE}", str(REFERRAL), 1), "reason": "not_open"},
    routing.ServiceRecorded: _SERVICE | _WORKED,
    routing.JusticeRecorded: _JUSTICE | _WORKED,
    routing.ThrivingRecorded: _THRIVING | _WORKED,
    routing.VictimAssessed: {"status": "confirmed"} | _WORKED,
    agency.AgencyAccepted: {},
    agency.AgencyDeclined: {"reason": "no_capacity"},
    agency.AgencyProgressed: {"progress": "victim_contacted"},
    agency.AgencyRecordedService: _SERVICE,
    agency.AgencyRecordedJustice: _JUSTICE,
    agency.AgencyRecordedThriving: _THRIVING,
    agency.AgencyAssessedVictim: {"status": "confirmed"},
    agency.AgencyCompleted: {"reason": "goals_met"},
    notification.NotificationDelivered: _NOTICE | {"attempts": 1, "after_ms": 84},
    notification.NotificationFailed: _NOTICE | {"attempts": 5, "reason": "unreachable"},
}

_DETAILS = {"dataref": f"/api/v1/referrals/{REFERRAL}/details"}
_CAUSED = {"causationid": event_id("/intake", str(REFERRAL), 1)}
_ABOUT = {"id": event_id("/notifications", str(_NOTICE_ID), 1), "causationid": event_id("/routing", str(REFERRAL), 2)}
_ATTRIBUTES: dict[Kind, Mapping[str, Any]] = {
    routing.ReferralRouted: _CAUSED,
    routing.AssignmentOffered: {"sequence": 2} | _CAUSED | _DETAILS,
    routing.AssignmentUpdated: {"sequence": 5} | _DETAILS,
    routing.AssignmentAccepted: {"sequence": 3, "causationid": event_id(f"/agencies/{POLICE}", str(REFERRAL), 1)},
    notification.NotificationDelivered: _ABOUT,
    notification.NotificationFailed: _ABOUT,
}
