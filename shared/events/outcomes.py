"""What was done for the person, told by agencies and carried on by routing in the same shape."""

from typing import Literal

from pydantic import model_validator

from shared.events.facts import Frozen
from shared.vocabulary import (
    Barrier,
    Charge,
    Disposition,
    JusticeStep,
    Service,
    ServiceStatus,
    ThrivingIndicator,
    VictimStatus,
)


class ServiceOutcome(Frozen):
    """One service's new status. `barrier` only says why it was unavailable."""

    service: Service
    status: ServiceStatus
    barrier: Barrier | None = None

    @model_validator(mode="after")
    def _barrier_belongs_to_unavailable(self) -> "ServiceOutcome":
        if self.barrier is not None and self.status not in (ServiceStatus.unavailable, ServiceStatus.unrecognized):
            raise ValueError("barrier: give it only where status is 'unavailable'")
        return self


class JusticeOutcome(Frozen):
    """One step of the justice track, with the charge or the disposition where the step is one."""

    step: JusticeStep
    charge: Charge | None = None
    disposition: Disposition | None = None

    @model_validator(mode="after")
    def _detail_belongs_to_step(self) -> "JusticeOutcome":
        if self.step is JusticeStep.unrecognized:
            return self  # a step of a newer writer may have either
        if (self.charge is None) is (self.step is JusticeStep.charge):
            raise ValueError("charge: give it where step is 'charge', and only there")
        if (self.disposition is None) is (self.step is JusticeStep.disposition):
            raise ValueError("disposition: give it where step is 'disposition', and only there")
        return self


class ThrivingOutcome(Frozen):
    """Which indicators are in place so many days after the referral."""

    day: Literal[30, 90, 180]
    indicators: tuple[ThrivingIndicator, ...] = ()


class VictimAssessment(Frozen):
    """Whether the agency holds the person to be a victim."""

    status: VictimStatus
