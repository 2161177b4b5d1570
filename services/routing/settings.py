"""Settings of routing."""

from pydantic import Field

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    """Besides what every service has."""

    http_port: int = Field(8002, description="port the HTTP server listens on")
    clock_scale: float = Field(1.0, gt=0, description="multiplies every duration of clocks.yaml; demonstrations shorten them")
    clock_every: float = Field(0.2, gt=0, description="seconds between two looks for clocks that ran out")
    rules_every: float = Field(5.0, gt=0, description="seconds between two looks for changed rules, agencies and clocks")
    sandbox_every: float = Field(60.0, gt=0, description="seconds between two synthetic referrals in the sandbox")
    agency_events_per_second: float = Field(20.0, gt=0, description="events of one agency taken in a second; more of it wait")
    gauges_every: float = Field(10.0, gt=0, description="seconds between two counts of open offers and running clocks")
