"""Builds what routing writes to `referrals.activity`: one referral's events, numbered as routing numbers them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.clock import now
from shared.events.envelope import event_id
from shared.events.facts import Facts
from shared.events.routing import (
    AcceptedData,
    AgencyExcluded,
    AssignmentAccepted,
    AssignmentCompleted,
    AssignmentData,
    AssignmentDeclined,
    AssignmentExpired,
    AssignmentOffered,
    AssignmentRerouted,
    AssignmentRevoked,
    ClockData,
    ClockMissed,
    ClosedData,
    CompletedData,
    DeclinedData,
    EscalatedData,
    ExcludedData,
    OfferedData,
    ReferralClosed,
    ReferralEscalated,
    ReferralReopened,
    ReferralRouted,
    ReferralScreenedOut,
    ReopenedData,
    ReroutedData,
    RevokedData,
    RoutedData,
    ScreenedOutData,
)
from shared.vocabulary import (
    AssignmentRole,
    Channel,
    ClockKind,
    ClosureReason,
    DeclineReason,
    EscalationLevel,
    ExclusionReason,
    Reporter,
    RerouteReason,
    RevokeReason,
    ScreenOutReason,
    Urgency,
)

SOURCE = "/routing"
ANSWER_BY = datetime(2026, 11, 24, 20, 45, tzinfo=UTC)
FACTS = Facts(reporter=Reporter.hotline, channel=Channel.api)


class Life:
    """One referral, event by event."""

    def __init__(self, referral: UUID | None = None, urgency: Urgency = Urgency.high) -> None:
        self.referral = referral or uuid4()
        self.urgency = urgency
        self._sequence = 0
        self._correlation = uuid4()

    @property
    def reference(self) -> str:
        """How messages name the referral."""
        return str(self.referral)[:8]

    def _envelope(self) -> dict[str, Any]:
        self._sequence += 1
        return {
            "id": event_id(SOURCE, str(self.referral), self._sequence),
            "source": SOURCE,
            "subject": self.referral,
            "time": now(),
            "correlationid": self._correlation,
            "sequence": self._sequence,
        }

    def routed(self) -> ReferralRouted:
        data = RoutedData(urgency=self.urgency, reasons=("any_rule",), rules_version="0123456789ab")
        return ReferralRouted(**self._envelope(), data=data)

    def offered(self, agency: str, *, facts: Facts = FACTS, role: AssignmentRole = AssignmentRole.lead) -> AssignmentOffered:
        data = OfferedData(
            agency=agency, role=role, urgency=self.urgency, reasons=("any_rule",), answer_by=ANSWER_BY, facts=facts
        )
        return AssignmentOffered(**self._envelope(), data=data)

    def accepted(self, agency: str) -> AssignmentAccepted:
        return AssignmentAccepted(**self._envelope(), data=AcceptedData(agency=agency, role=AssignmentRole.lead))

    def declined(self, agency: str) -> AssignmentDeclined:
        data = DeclinedData(agency=agency, role=AssignmentRole.lead, reason=DeclineReason(DeclineReason.terms()[0]))
        return AssignmentDeclined(**self._envelope(), data=data)

    def expired(self, agency: str) -> AssignmentExpired:
        return AssignmentExpired(**self._envelope(), data=AssignmentData(agency=agency, role=AssignmentRole.lead))

    def revoked(self, agency: str, reason: RevokeReason = RevokeReason.not_needed) -> AssignmentRevoked:
        data = RevokedData(agency=agency, role=AssignmentRole.lead, reason=reason)
        return AssignmentRevoked(**self._envelope(), data=data)

    def rerouted(self, agency: str) -> AssignmentRerouted:
        data = ReroutedData(agency=agency, role=AssignmentRole.lead, reason=RerouteReason(RerouteReason.terms()[0]), to=())
        return AssignmentRerouted(**self._envelope(), data=data)

    def completed(self, agency: str) -> AssignmentCompleted:
        data = CompletedData(agency=agency, role=AssignmentRole.lead, reason=ClosureReason.goals_met)
        return AssignmentCompleted(**self._envelope(), data=data)

    def closed(self, reason: ClosureReason = ClosureReason.goals_met) -> ReferralClosed:
        return ReferralClosed(**self._envelope(), data=ClosedData(reason=reason))

    def reopened(self) -> ReferralReopened:
        return ReferralReopened(**self._envelope(), data=ReopenedData())

    def screened_out(self) -> ReferralScreenedOut:
        return ReferralScreenedOut(**self._envelope(), data=ScreenedOutData(reason=ScreenOutReason.not_genuine))

    def excluded(self, agency: str) -> AgencyExcluded:
        data = ExcludedData(agency=agency, reason=ExclusionReason(ExclusionReason.terms()[0]))
        return AgencyExcluded(**self._envelope(), data=data)

    def escalated(self, agency: str, level: EscalationLevel) -> ReferralEscalated:
        data = EscalatedData(level=level, clock=ClockKind.answer, agency=agency, urgency=self.urgency, reasons=("any_rule",))
        return ReferralEscalated(**self._envelope(), data=data)

    def missed(self, clock: ClockKind, agency: str | None = None) -> ClockMissed:
        due = now() - timedelta(seconds=1)
        return ClockMissed(**self._envelope(), data=ClockData(clock=clock, agency=agency, due=due))
