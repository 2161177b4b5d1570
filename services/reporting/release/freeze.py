"""Freezes the figures of a period that is over: true ones for the inside, and releases for partners and the public.

Frozen again, nothing changes unless the figures did; then there is a new version that says what is different. What an earlier
release showed or hid binds the later ones (`release`). Each audience's version is one write: killed between two of them, the
next run adds those that are missing. Crash point: `reporting_freezing`.
"""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.reporting.exports.json_export import canonical
from services.reporting.index.caseload import Caseload
from services.reporting.measures import BY_NAME, describe_measures
from services.reporting.refusal import Refused
from services.reporting.release.archive import Archive, Frozen
from services.reporting.release.differences import changes_of
from services.reporting.release.release import COLUMNS, Key, Past, linked, needed, shown, span
from services.reporting.release.suppression import Exposed, hidden
from services.reporting.reports.access import Audience
from services.reporting.reports.period import Period, named
from services.reporting.reports.question import Question
from services.reporting.reports.report import Reports
from services.reporting.reports.tables import Figures
from shared.crash import crash_point

HIDDEN = (
    "Figures from 1 to {below} are hidden, and others with them, so that none of these can be worked out from what is shown, "
    "here or in other releases. A hidden figure is not zero."
)


class Freeze:
    """The use case. `thresholds`: the least figure that each audience is shown."""

    def __init__(self, caseload: Caseload, reports: Reports, archive: Archive, thresholds: Mapping[Audience, int]) -> None:
        self._caseload = caseload
        self._reports = reports
        self._archive = archive
        self._thresholds = thresholds

    async def __call__(self, period: str) -> list[Frozen]:
        """The versions that are new; none where nothing changed. Refused where it is not over, or must not be released."""
        await self._caseload.look()
        assert self._caseload.as_of is not None
        if _last_day(period) >= self._caseload.as_of.astimezone(self._caseload.zone).date():
            raise Refused(f"{period} is not over yet.")
        contents = {Audience.internal: self._reports.snapshot(period)}
        for audience, threshold in self._thresholds.items():
            contents[audience] = await self._release(period, audience, threshold)
        found = [await self._keep(period, audience, content) for audience, content in contents.items()]
        return [frozen for frozen in found if frozen is not None]

    async def _release(self, period: str, audience: Audience, threshold: int) -> dict[str, Any]:
        past = _past(period, await self._archive.versions(audience))
        figures = {days: self._figures(name) for days, name in needed(period, past.periods).items()}
        try:
            secret = await asyncio.to_thread(hidden, linked(period, figures, past), threshold)
        except Exposed as exposed:
            places = ", ".join(sorted({f"{key[0]} {key[1]}" for key in exposed.keys}))  # type: ignore[index]
            raise Refused(f"{period} for {audience}: earlier releases would give away figures of {places}.") from None
        tables = shown(period, figures[span(period)], secret)  # type: ignore[arg-type]
        told = {"threshold": threshold, "hidden_means": HIDDEN.format(below=threshold - 1)}
        content = {"figures": {"receipt": tables}, "definitions": describe_measures(tables)}
        return self._reports.head(period, audience) | told | content

    def _figures(self, period: str) -> Figures:
        return self._reports.figures(Question(Period.called(period, self._caseload.zone)))

    async def _keep(self, period: str, audience: Audience, content: dict[str, Any]) -> Frozen | None:
        before = await self._archive.latest(period, audience)
        if before is not None and before.content == canonical(content):
            return None
        assert self._caseload.as_of is not None
        version, changes = 1, []
        if before is not None:
            version, changes = before.version + 1, changes_of(before.said, content)
        frozen = Frozen(period, audience, version, canonical(content), self._caseload.as_of, self._caseload.newest, changes)
        crash_point("reporting_freezing")
        if not await self._archive.add(frozen):
            raise Refused(f"somebody else is freezing {period} at this moment; look at what they froze.")
        return frozen


def _last_day(period: str) -> date:
    try:
        return named(period)[1]
    except ValueError as error:
        raise Refused(str(error)) from None


def _past(period: str, versions: list[Frozen]) -> Past:
    """What any release to the audience ever showed and hid."""
    shown_before: dict[Key, int] = {}
    hidden_before: set[Key] = set()
    for frozen in versions:
        for measure, rows in frozen.said["figures"]["receipt"].items():
            for row in rows:
                name = tuple(row[column] for column in BY_NAME[measure].by)
                for column in COLUMNS:
                    key = (span(frozen.period), measure, name, column)
                    if row[column] is None:
                        hidden_before.add(key)
                    else:
                        shown_before[key] = row[column]
    periods = frozenset(frozen.period for frozen in versions if frozen.period != period)
    return Past(shown_before, frozenset(hidden_before), periods)
