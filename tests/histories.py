"""Made-up lives of referrals, as the events that intake, routing and notifications would publish. Nobody is meant by them.

The same seed gives the same events. Each life is plausible rather than exact: who is asked, who declines or never answers,
what is done for the person. Every type of event and every way to end occurs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from shared.events import intake, notification, routing
from shared.events.envelope import Event, event_id
from shared.events.facts import Facts
from shared.vocabulary import (
    AgeBand,
    AssignmentRole,
    Barrier,
    CalledBy,
    Channel,
    Charge,
    ClockKind,
    ClosureReason,
    DeclineReason,
    Disposition,
    EscalationLevel,
    ExclusionReason,
    Gender,
    JusticeStep,
    Language,
    MandatedReport,
    Minor,
    NotificationChannel,
    NotificationFailure,
    OverrideReason,
    Progress,
    RaceEthnicity,
    Reporter,
    RerouteReason,
    RevokeReason,
    ScreenOutReason,
    Service,
    ServiceStatus,
    StaffRole,
    ThrivingIndicator,
    Town,
    TraffickingType,
    Urgency,
    UrgencyReason,
    VictimStatus,
    Vocabulary,
    WithdrawalReason,
)

AGENCIES = ("coordinator", "dcf", "cca", "hartford-pd", "windsor-pd")
START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR_MS = 365 * 24 * 3600 * 1000


@dataclass
class Life:
    """One referral and its events, by the topic they are on, each in its order.

    `old`: as an earlier routing told it, which had an event of its own for every clock that began.
    """

    rng: Random
    id: UUID
    now: datetime
    old: bool = False
    intake: list[Event] = field(default_factory=list)
    activity: list[Event] = field(default_factory=list)
    delivered: list[Event] = field(default_factory=list)

    def any(self, vocabulary: type[Vocabulary]) -> Any:
        """One of its terms."""
        return vocabulary(self.rng.choice(vocabulary.terms()))

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share

    def later(self, most: timedelta) -> None:
        """Time passes, to the millisecond."""
        self.now += timedelta(milliseconds=self.rng.randint(1, most // timedelta(milliseconds=1)))

    def _envelope(self, source: str, sequence: int) -> dict[str, Any]:
        id_ = event_id(source, str(self.id), sequence)
        return {
            "id": id_,
            "source": source,
            "subject": self.id,
            "time": self.now,
            "correlationid": self.id,
            "sequence": sequence,
        }

    def intook(self, event: type[Any], **data: Any) -> None:
        """Intake says so."""
        self.intake.append(event(**self._envelope("/intake", len(self.intake) + 1), data=data))

    def did(self, event: type[Any], **data: Any) -> None:
        """Routing says so."""
        begun = data.pop("clocks", ()) if self.old else ()
        if self.old and event is routing.AssignmentOffered:
            begun = _clocks(ClockKind.answer, agency=data["agency"], due=data["answer_by"])
        self._tell(event, data)
        for clock in begun:
            self._tell(routing.ClockStarted, clock)

    def _tell(self, event: type[Any], data: dict[str, Any]) -> None:
        self.activity.append(event(**self._envelope("/routing", len(self.activity) + 1), data=data))

    def notified(self, agency: str, urgency: Urgency) -> None:
        """Notifications says so: of the last event of routing."""
        notice = UUID(int=self.rng.getrandbits(128))
        common = {"notice": notice, "about": self.activity[-1].id, "agency": agency, "role": self.any(StaffRole)}
        common |= {"channel": self.any(NotificationChannel), "urgency": urgency, "attempts": self.rng.randint(1, 3)}
        envelope = self._envelope("/notifications", 1) | {"id": event_id("/notifications", str(notice), 1)}
        event: Event
        if self.chance(0.9):
            common["after_ms"] = self.rng.randint(5, 90_000)
            event = notification.NotificationDelivered(**envelope, data=common)
        else:
            common["reason"] = self.any(NotificationFailure)
            event = notification.NotificationFailed(**envelope, data=common)
        self.delivered.append(event)

    def facts(self) -> Facts:
        """Some facts."""
        races = self.rng.sample([RaceEthnicity(term) for term in RaceEthnicity.terms()], self.rng.choice([0, 1, 1, 2]))
        return Facts(
            trafficking_type=self.any(TraffickingType),
            gender=self.any(Gender),
            race_ethnicity=tuple(races),
            age_band=self.any(AgeBand),
            minor=self.any(Minor),
            language=Language(self.rng.choice(["en", "es", "und", "pl"])),
            reporter=self.any(Reporter),
            channel=self.any(Channel),
            town_of_exploitation=self.any(Town),
            missing_child=self.chance(0.2),
        )


def life(rng: Random, start: datetime = START, *, old: bool | None = None) -> Life:
    """One referral received within a year of `start`."""
    new = Life(rng, UUID(int=rng.getrandbits(128), version=4), start + timedelta(milliseconds=rng.randrange(YEAR_MS)))
    by_chance = new.chance(0.3)
    new.old = by_chance if old is None else old
    new.intook(intake.ReferralReceived, facts=new.facts())
    if new.chance(0.05):
        return new
    new.later(timedelta(seconds=90))
    _route(new)
    if new.chance(0.15):
        new.later(timedelta(days=2))
        new.intook(intake.ReferralSupplemented, facts=new.facts())
        new.did(routing.AssignmentUpdated, agency=new.rng.choice(AGENCIES), facts=new.facts())
        new.did(routing.ReporterAdded, agency=AGENCIES[0], urgency=Urgency.high, added=("words",))
    if new.chance(0.1):
        _discretion(new)
    if new.chance(0.1):
        new.intook(intake.ReferralWithdrawn, reason=new.any(WithdrawalReason))
    _end(new)
    return new


def _route(new: Life) -> None:
    urgency = new.any(Urgency)
    begun = _clocks(ClockKind.unassigned, ClockKind.advocate_contact, due=new.now + timedelta(hours=1))
    new.did(routing.ReferralRouted, urgency=urgency, reasons=("some_rule",), rules_version="0123456789ab", clocks=begun)
    if new.chance(0.1):
        other = UUID(int=new.rng.getrandbits(128))
        by_intake = {"score": 0.75, "reasons": ("phone",)} if other.int % 2 else {}
        if by_intake:
            new.intook(intake.DuplicatesFound, duplicates=({"referral": other, **by_intake},))
        new.did(routing.DuplicateLinked, duplicate_of=other, **by_intake)
    for agency in new.rng.sample(AGENCIES, new.rng.randint(0, 3)):
        role = new.any(AssignmentRole)
        due = new.now + timedelta(hours=2)
        offer = {"agency": agency, "role": role, "urgency": urgency, "reasons": ("some_rule",), "answer_by": due}
        new.did(routing.AssignmentOffered, **offer, facts=new.intake[0].data.facts)  # type: ignore[attr-defined]
        new.notified(agency, urgency)
        if new.chance(0.2):
            new.did(routing.AssignmentReminded, **offer)
        new.later(timedelta(hours=3))
        _answer(new, agency, role, urgency, due)


def _clocks(*kinds: ClockKind, **told: Any) -> tuple[dict[str, Any], ...]:
    return tuple({"clock": kind, **told} for kind in kinds)


def _answer(new: Life, agency: str, role: AssignmentRole, urgency: Urgency, due: datetime) -> None:
    part = {"agency": agency, "role": role}
    clock = {"clock": ClockKind.answer, "agency": agency, "due": due}
    answer = new.rng.choices(["accept", "decline", "expire", "revoke", "none"], [60, 15, 15, 5, 5])[0]
    if answer == "accept":
        owed = _clocks(ClockKind.begin_work, agency=agency, due=new.now + timedelta(days=1))
        new.did(routing.AssignmentAccepted, **part, clocks=owed)
        new.did(routing.ClockMet, **clock)
        _work(new, part)
    elif answer == "decline":
        new.did(routing.AssignmentDeclined, **part, reason=new.any(DeclineReason))
        new.did(routing.AssignmentRerouted, **part, reason=RerouteReason.declined, to=("coordinator",))
    elif answer == "expire":
        new.did(routing.ClockMissed, **clock)
        new.did(routing.AssignmentExpired, **part)
        escalation = {"level": new.any(EscalationLevel), "clock": ClockKind.answer, "agency": agency, "urgency": urgency}
        new.did(routing.ReferralEscalated, **escalation, reasons=("some_rule",))
        new.notified("coordinator", urgency)
    elif answer == "revoke":
        new.did(routing.AssignmentRevoked, **part, reason=new.any(RevokeReason))


def _work(new: Life, part: dict[str, Any]) -> None:
    agency = part["agency"]
    if new.chance(0.8):
        new.later(timedelta(days=2))
        owed = _clocks(ClockKind.report_work, agency=agency, due=new.now + timedelta(days=14))
        new.did(routing.AssignmentProgressed, **part, progress=new.any(Progress), clocks=owed)
    for _ in range(new.rng.randint(0, 3)):
        new.later(timedelta(days=20))
        _outcome(new, agency)
    if new.chance(0.4):
        new.did(routing.AssignmentCompleted, **part, reason=new.any(ClosureReason))


def _outcome(new: Life, agency: str) -> None:
    kind = new.rng.choice(["service", "service", "justice", "thriving", "victim"])
    if kind == "service":
        status = new.any(ServiceStatus)
        barrier = new.any(Barrier) if status is ServiceStatus.unavailable and new.chance(0.7) else None
        service = new.rng.choice([Service.medical, Service.emergency_housing, Service.mentoring])
        new.did(routing.ServiceRecorded, agency=agency, service=service, status=status, barrier=barrier)
    elif kind == "justice":
        step = new.any(JusticeStep)
        charge = new.any(Charge) if step is JusticeStep.charge else None
        end = new.any(Disposition) if step is JusticeStep.disposition else None
        new.did(routing.JusticeRecorded, agency=agency, step=step, charge=charge, disposition=end)
    elif kind == "thriving":
        terms = new.rng.sample([ThrivingIndicator(term) for term in ThrivingIndicator.terms()], new.rng.randint(0, 3))
        new.did(routing.ThrivingRecorded, agency=agency, day=new.rng.choice([30, 90, 180]), indicators=tuple(terms))
    else:
        new.did(routing.VictimAssessed, agency=agency, status=new.any(VictimStatus))


def _discretion(new: Life) -> None:
    """What only people decide."""
    agency = new.rng.choice(AGENCIES)
    new.did(routing.UrgencyRaised, agency=agency, urgency=Urgency.critical, reason=new.any(UrgencyReason))
    sooner = _clocks(ClockKind.begin_work, agency=agency, due=new.now + timedelta(hours=2))
    new.did(routing.AssignmentUpdated, agency=agency, facts=new.intake[0].data.facts, clocks=sooner)  # type: ignore[attr-defined]
    new.did(routing.AgencyExcluded, agency=agency, reason=new.any(ExclusionReason))
    new.did(routing.ReferralOverridden, urgency=Urgency.critical, to=(agency,), reason=new.any(OverrideReason))
    report = {"report": new.any(MandatedReport), "called_by": new.any(CalledBy), "made_at": new.now}
    new.did(routing.ReportRecorded, agency=agency, **report)


def _end(new: Life) -> None:
    if new.chance(0.05):
        new.did(routing.ReferralScreenedOut, reason=new.any(ScreenOutReason))
        return
    if new.chance(0.5):
        new.later(timedelta(days=60))
        new.did(routing.ReferralClosed, reason=new.any(ClosureReason))
        if new.chance(0.2):
            new.later(timedelta(days=5))
            new.did(routing.ReferralReopened)
            if new.chance(0.5):
                new.did(routing.ReferralClosed, reason=new.any(ClosureReason))


def lives(seed: int, count: int) -> list[Life]:
    """So many referrals, always the same for a seed."""
    rng = Random(seed)
    return [life(rng) for _ in range(count)]
