"""Load the cases of a batch, fold its events, save what changed."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from services.reporting import metrics
from services.reporting.cases.projections import Case, fold
from services.reporting.store import Cases, Change, Freshness
from shared.crash import crash_point
from shared.delivery.errors import Gap, Transient, Unavailable

MOST_TRIES = 5


async def _never() -> bool:
    return False


class FoldEvents:
    """The use case of one reader: every event counts once, in order per referral, however often it comes.

    `catching_up` says whether a rebuild has yet to bring what the reader has passed: a gap is then no fault, and is waited for.
    Crash points: `reporting_before_write`, `reporting_after_write`.
    """

    def __init__(
        self, part: str, cases: Cases, freshness: Freshness, catching_up: Callable[[], Awaitable[bool]] = _never
    ) -> None:
        self._part = part
        self._cases = cases
        self._freshness = freshness
        self._catching_up = catching_up

    async def __call__(self, events: Sequence[Any], *, accept_gap: bool = False) -> None:
        """Gap where an event before one of these is missing; Transient where others keep writing the same cases."""
        try:
            await self._fold(events, accept_gap=accept_gap)
        except Gap:
            if await self._catching_up():
                raise Unavailable("a rebuild is catching up") from None
            raise

    async def _fold(self, events: Sequence[Any], *, accept_gap: bool) -> None:
        by_case: dict[str, list[Any]] = defaultdict(list)
        for event in events:
            by_case[str(event.subject)].append(event)
        for _ in range(MOST_TRIES):
            if await self._try(by_case, accept_gap=accept_gap):
                await self._freshness.note(self._part, max(event.time for event in events))
                return
            metrics.CONFLICTS.labels(self._part).inc()
        raise Transient("cases kept moving")

    async def _try(self, by_case: Mapping[str, Sequence[Any]], *, accept_gap: bool) -> bool:
        stored = await self._cases.load(self._part, by_case)
        changes = []
        for case_id, events in by_case.items():
            change = self._change(case_id, stored.get(case_id, {}), events, accept_gap=accept_gap)
            if change:
                changes.append(change)
        if not changes:
            return True
        crash_point("reporting_before_write")
        saved = await self._cases.save(self._part, changes)
        crash_point("reporting_after_write")
        if saved:
            metrics.FOLDED.labels(self._part).inc(sum(change.after - change.before for change in changes))
        return saved

    def _change(self, case_id: str, case: Case, events: Sequence[Any], *, accept_gap: bool) -> Change | None:
        before = case.get("applied", {}).get(self._part, 0)
        for event in events:
            after = fold(case, event, accept_gap=accept_gap)
            if after is not None:
                case, accept_gap = after, False
        count = case.get("applied", {}).get(self._part, 0)
        return Change(case_id, before, count, case[self._part]) if count != before else None
