"""Outcomes, and who recorded them."""

from typing import Literal

from shared.events.envelope import Event
from shared.events.facts import AgencyId
from shared.events.outcomes import JusticeOutcome, ServiceOutcome, ThrivingOutcome, VictimAssessment
from shared.events.routing.clocks import Clocks


class ServiceRecordedData(ServiceOutcome):
    """A service outcome and who recorded it."""

    agency: AgencyId
    clocks: Clocks = ()


class JusticeRecordedData(JusticeOutcome):
    """A justice outcome and who recorded it."""

    agency: AgencyId
    clocks: Clocks = ()


class ThrivingRecordedData(ThrivingOutcome):
    """Thriving indicators and who recorded them."""

    agency: AgencyId
    clocks: Clocks = ()


class VictimAssessedData(VictimAssessment):
    """The victim status and who decided it."""

    agency: AgencyId
    clocks: Clocks = ()


class ServiceRecorded(Event):
    """A service was requested, referred, provided, declined or unavailable."""

    type: Literal["org.rhtrt.outcome.service_recorded.v1"] = "org.rhtrt.outcome.service_recorded.v1"
    data: ServiceRecordedData


class JusticeRecorded(Event):
    """A step of the justice track."""

    type: Literal["org.rhtrt.outcome.justice_recorded.v1"] = "org.rhtrt.outcome.justice_recorded.v1"
    data: JusticeRecordedData


class ThrivingRecorded(Event):
    """How the person fares at 30, 90 or 180 days."""

    type: Literal["org.rhtrt.outcome.thriving_recorded.v1"] = "org.rhtrt.outcome.thriving_recorded.v1"
    data: ThrivingRecordedData


class VictimAssessed(Event):
    """Somebody decided whether the person is a victim."""

    type: Literal["org.rhtrt.outcome.victim_assessed.v1"] = "org.rhtrt.outcome.victim_assessed.v1"
    data: VictimAssessedData
