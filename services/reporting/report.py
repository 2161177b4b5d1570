"""Works out a report: every measure over the cases of a period, with what it says of itself."""

from collections.abc import AsyncIterable, Mapping
from typing import Any

from services.reporting import metrics
from services.reporting.figures import Case, Targets
from services.reporting.measures import MEASURES
from services.reporting.period import Period
from services.reporting.store import Cases, Freshness
from shared.clock import Clock

Figures = dict[str, list[dict[str, Any]]]
AUDIENCE = "internal"
"""True counts, however small: not for publication. Figures for others go through suppression, which is not built yet."""


async def work_out(cases: AsyncIterable[Case], targets: Targets) -> Figures:
    """The rows of every measure, in one pass over the cases."""
    tallies = [(measure.name, measure.tally()) for measure in MEASURES]
    async for case in cases:
        for _, tally in tallies:
            tally.add(case)
    return {name: tally.rows(targets) for name, tally in tallies}


class Reports:
    """The use case behind the API."""

    def __init__(self, cases: Cases, freshness: Freshness, targets: Targets, clock: Clock) -> None:
        self._cases = cases
        self._freshness = freshness
        self._targets = targets
        self._clock = clock

    async def report(self, period: Period) -> Mapping[str, Any]:
        """The figures of the referrals received in the period, as they stand now."""
        with metrics.REPORT_SECONDS.time():
            newest = await self._freshness.newest()
            figures = await work_out(self._cases.received(period.since, period.until), self._targets)
            waiting = await self._cases.count_without_receipt()
        latest = max(newest.values(), default=None)
        return {
            "audience": AUDIENCE,
            "period": period.describe(),
            "as_of": {"now": self._clock().isoformat(), "newest_event": latest.isoformat() if latest else None},
            "without_receipt": waiting,
            "definitions": describe_measures(),
            "figures": figures,
        }


def describe_measures() -> list[dict[str, Any]]:
    """Every measure's declaration as data."""
    return [measure.describe() for measure in MEASURES]
