"""The life of one made-up referral, as the events that intake, routing and notifications would publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from deploy.year.facts import facts, moment, pick
from shared.events import intake, notification, routing
from shared.events.envelope import Event, event_id

POLICE: Final = {"hartford": 38, "east-hartford": 14, "manchester": 13, "west-hartford": 8, "windsor": 7, "bloomfield": 6}
SERVICES: Final = {
    "case_management": 22,
    "crisis_intervention": 14,
    "safety_planning": 14,
    "emotional_support": 12,
    "mental_health": 9,
    "emergency_housing": 9,
    "medical": 6,
    "legal_immigration": 4,
    "basic_needs": 4,
    "education": 3,
    "employment": 3,
}
DECLINES: Final = {"no_capacity": 4, "outside_jurisdiction": 3, "already_known": 2}
SCREENED_OUT: Final = {"not_trafficking": 6, "referred_elsewhere": 3, "not_genuine": 1}
SERVICE_ENDS: Final = {"provided": 70, "referred": 12, "declined_by_client": 9, "unavailable": 9}
BARRIERS: Final = {"waiting_list": 5, "no_provider": 3, "eligibility": 2, "language": 1, "transportation": 2}
CLOSURES: Final = {
    "goals_met": 34,
    "lost_contact": 20,
    "disengaged": 14,
    "declined_services": 12,
    "moved": 8,
    "transferred": 7,
    "not_a_victim": 4,
    "duplicate": 1,
}
INDICATORS: Final = ("safe_housing", "income", "education_or_training", "safety_plan", "engaged_with_support")


@dataclass
class Story:
    """Events by the topic they are on, each in its order."""

    rng: Random
    id: UUID
    now: datetime
    until: datetime
    intake: list[Event] = field(default_factory=list)
    activity: list[Event] = field(default_factory=list)
    delivered: list[Event] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share

    def later(self, mean: timedelta) -> None:
        """Time passes: mostly little, sometimes much."""
        self.now += timedelta(seconds=round(1 + self.rng.expovariate(1 / mean.total_seconds()), 3))

    def intook(self, event: type[Any], **data: Any) -> None:
        """Intake says so."""
        self.intake.append(event(**self._envelope("/intake", len(self.intake) + 1), data=data))

    def did(self, event: type[Any], **data: Any) -> None:
        """Routing says so, unless that is still to come."""
        if self.now > self.until:
            return
        self.activity.append(event(**self._envelope("/routing", len(self.activity) + 1), data=data))

    def told(self, agency: str, urgency: str) -> None:
        """Notifications says so, unless that is still to come."""
        if self.now > self.until:
            return
        notice = UUID(int=self.rng.getrandbits(128))
        data: dict[str, Any] = {"notice": notice, "about": self.activity[-1].id, "agency": agency, "role": "duty"}
        data |= {"channel": "email", "urgency": urgency, "attempts": 1, "after_ms": round(self.rng.expovariate(1 / 900)) + 120}
        envelope = self._envelope("/notifications", 1) | {"id": event_id("/notifications", str(notice), 1)}
        self.delivered.append(notification.NotificationDelivered(**envelope, data=data))

    def _envelope(self, source: str, sequence: int) -> dict[str, Any]:
        about = {"subject": self.id, "correlationid": self.id, "time": self.now, "sequence": sequence, "source": source}
        return about | {"id": event_id(source, str(self.id), sequence)}


def year(begin: datetime, until: datetime, referrals: int, seed: int) -> Iterator[Story]:
    """So many referrals received in the year that begins then, told until `until`; the same for the same arguments."""
    rng = Random(seed)  # noqa: S311  # made-up data
    for _ in range(referrals):
        yield story(rng, begin, until)


def story(rng: Random, begin: datetime, until: datetime) -> Story:
    """One referral from the door to what became of the person."""
    new = Story(rng, UUID(int=rng.getrandbits(128), version=4), moment(rng, begin), until)
    new.intook(intake.ReferralReceived, facts=facts(rng))
    new.later(timedelta(seconds=2))
    urgency = pick(rng, {"critical": 12, "high": 43, "routine": 45})
    new.did(routing.ReferralRouted, urgency=urgency, reasons=("synthetic",), rules_version="0" * 12)
    if new.chance(0.05):
        new.did(routing.ReferralScreenedOut, reason=pick(rng, SCREENED_OUT))
        return new
    if new.chance(0.03):
        new.did(routing.DuplicateLinked, duplicate_of=UUID(int=rng.getrandbits(128)))
    minor = new.intake[0].data.facts.minor != "no"  # type: ignore[attr-defined]
    police = pick(rng, POLICE) + "-pd"
    asked = {police: "lead", "cca": "advocate"} | ({"dcf": "child_protection"} if minor else {})
    working = [agency for agency, role in asked.items() if _takes(new, agency, role, urgency)]
    if "cca" in working:
        _helped(new)
    if police in working:
        _prosecuted(new, police)
    _ended(new)
    return new


def _takes(new: Story, agency: str, role: str, urgency: str) -> bool:
    part = {"agency": agency, "role": role}
    hours = {"critical": 0.12, "high": 1.0, "routine": 9.0}[urgency]
    due = new.now + timedelta(hours=24)
    offer = {"urgency": urgency, "reasons": ("synthetic",), "answer_by": due}
    new.did(routing.AssignmentOffered, **part, **offer, facts=new.intake[-1].data.facts)  # type: ignore[attr-defined]
    new.told(agency, urgency)
    new.later(timedelta(hours=hours))
    if new.chance(0.06):
        new.did(
            routing.AssignmentDeclined,
            **part,
            reason=pick(new.rng, DECLINES),
        )
        new.did(routing.AssignmentRerouted, **part, reason="declined", to=("coordinator",))
        return False
    new.did(routing.AssignmentAccepted, **part)
    return True


def _helped(new: Story) -> None:
    new.later(timedelta(hours=20))
    if not new.chance(0.78):
        return
    new.did(routing.AssignmentProgressed, agency="cca", role="advocate", progress="victim_contacted")
    new.did(routing.VictimAssessed, agency="cca", status=pick(new.rng, {"possible": 40, "confirmed": 52, "not_a_victim": 8}))
    for _ in range(new.rng.randint(1, 5)):
        new.later(timedelta(days=4))
        end = pick(new.rng, SERVICE_ENDS)
        barrier = pick(new.rng, BARRIERS) if end == "unavailable" else None
        new.did(routing.ServiceRecorded, agency="cca", service=pick(new.rng, SERVICES), status=end, barrier=barrier)
    begun = new.intake[0].time
    for day in (30, 90, 180):
        if not new.chance(0.62):
            break
        new.now = max(new.now, begun + timedelta(days=day + new.rng.randint(0, 6)))
        inside = tuple(one for one in INDICATORS if new.chance(0.35 + day / 600))
        new.did(routing.ThrivingRecorded, agency="cca", day=day, indicators=inside)


def _prosecuted(new: Story, police: str) -> None:
    for step, share in (("investigation_opened", 0.55), ("referred_for_prosecution", 0.35), ("arrest", 0.6)):
        if not new.chance(share):
            return
        new.later(timedelta(days=12))
        new.did(routing.JusticeRecorded, agency=police, step=step)
    charge = pick(new.rng, {"trafficking_state": 5, "trafficking_federal": 2, "other_state": 6, "other_federal": 1})
    new.did(routing.JusticeRecorded, agency=police, step="charge", charge=charge)
    if new.chance(0.5):
        new.later(timedelta(days=90))
        end = pick(new.rng, {"convicted": 3, "pleaded": 5, "dismissed": 2, "acquitted": 1})
        new.did(routing.JusticeRecorded, agency=police, step="disposition", disposition=end)


def _ended(new: Story) -> None:
    if new.chance(0.7):
        new.later(timedelta(days=25))
        new.did(routing.ReferralClosed, reason=pick(new.rng, CLOSURES))
