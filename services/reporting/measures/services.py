"""What was done for the person. Pure."""

from typing import Any, Final

from services.reporting.figures.counting import known, once
from services.reporting.figures.measure import Count, Measure
from services.reporting.figures.moments import entries
from shared.events import routing


def provided(entry: Any) -> bool:
    """The service was given."""
    return bool(entry["status"] == "provided")


def unavailable(entry: Any) -> bool:
    """The service could not be had."""
    return bool(entry["status"] == "unavailable")


SERVICES: Final[tuple[Measure, ...]] = (
    Count(
        name="served",
        title="Referrals with a service provided",
        definition="Referrals in which at least one service was provided.",
        numerator="referrals with a service provided",
        sources=(routing.ServiceRecorded,),
        rows=once(known("served")),
        dated=entries("services", where=provided),
        listed=((),),
    ),
    Count(
        name="services",
        title="Services, by kind and status",
        definition="Referrals in which the service ever had the status; one that was requested and then provided is in both.",
        numerator="referrals in which the service had the status",
        sources=(routing.ServiceRecorded,),
        by=("service", "status"),
        dated=entries("services", "service", "status"),
    ),
    Count(
        name="service_barriers",
        title="Services unavailable, by barrier",
        definition="Referrals in which the service was ever unavailable for the reason; unknown where none was told.",
        numerator="referrals with the barrier",
        denominator="referrals in which the service was unavailable",
        sources=(routing.ServiceRecorded,),
        by=("service", "barrier"),
        dated=entries("services", "service", "barrier", where=unavailable, otherwise="unknown"),
    ),
)
