"""Every measure, declared once: the API, the pages, the exports and the data dictionary are made from this list. Pure.

Counted **by receipt**, a report is about the referrals received in its period and whatever became of them since, whenever
that was. Counted **by event**, it is about what happened in its period, whenever the referral was received. Facts are those
last told. What happened twice to one referral in the period counts once, unless the unit says otherwise.
"""

from collections.abc import Container, Mapping
from typing import Any, Final

from services.reporting.figures.measure import Measure, Timing
from services.reporting.measures.agencies import AGENCIES
from services.reporting.measures.funnel import FUNNEL
from services.reporting.measures.justice import JUSTICE
from services.reporting.measures.notices import NOTICES
from services.reporting.measures.services import SERVICES
from services.reporting.measures.thriving import THRIVING
from services.reporting.measures.timeliness import TIMELINESS
from services.reporting.measures.victims import VICTIMS

TOPICS: Final[Mapping[str, tuple[Measure, ...]]] = {
    "funnel": FUNNEL,
    "timeliness": TIMELINESS,
    "victims": VICTIMS,
    "services": SERVICES,
    "justice": JUSTICE,
    "thriving": THRIVING,
    "agencies": AGENCIES,
    "notices": NOTICES,
}
"""One topic is one page of the dashboard."""

MEASURES: Final = tuple(measure for topic in TOPICS.values() for measure in topic)
BY_NAME: Final[Mapping[str, Measure]] = {measure.name: measure for measure in MEASURES}
TIMINGS: Final = tuple(measure.name for measure in MEASURES if isinstance(measure, Timing))


def describe_measures(names: Container[str]) -> list[dict[str, Any]]:
    """The declarations of the measures named, as data."""
    return [measure.describe() for measure in MEASURES if measure.name in names]
