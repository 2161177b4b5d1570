"""Every figure of the report worked out a second time, straight from the raw events and as plainly as can be.

Shares no code with the service: no projection, no case, no percentile function. Events may come in any order and repeatedly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

STEPS = {
    "AssignmentOffered": "offered",
    "AssignmentAccepted": "accepted",
    "AssignmentDeclined": "declined",
    "AssignmentExpired": "expired",
    "AssignmentRerouted": "rerouted",
    "AssignmentRevoked": "revoked",
    "AssignmentCompleted": "completed",
}


class Story:
    """The events of one referral, each once, in order."""

    def __init__(self, events: Iterable[Any]) -> None:
        once = {event.id: event for event in events}
        self.events = sorted(once.values(), key=lambda event: (event.source, event.sequence))

    def all(self, *names: str) -> list[Any]:
        return [event for event in self.events if type(event).__name__ in names]

    def last(self, *names: str) -> Any:
        found = self.all(*names)
        return found[-1] if found else None

    def time(self, name: str, wanted: Callable[[Any], bool] = lambda _: True) -> datetime | None:
        return next((event.time for event in self.all(name) if wanted(event.data)), None)

    @property
    def facts(self) -> Any:
        return self.last("ReferralReceived", "ReferralSupplemented").data.facts

    @property
    def urgency(self) -> str:
        routed = self.last("ReferralRouted", "UrgencyRaised")
        return routed.data.urgency.value if routed else "not_routed"

    @property
    def closed(self) -> Any:
        end = self.last("ReferralClosed", "ReferralReopened")
        return end if end is not None and type(end).__name__ == "ReferralClosed" else None


def _counts(story: Story) -> Iterator[tuple[str, Any]]:
    """Pairs of measure and row that a story counts in; pairs of a measure counted by referral are made unique by the caller."""
    f = story.facts
    yield "received", ()
    for name, value in (
        ("reporter", f.reporter),
        ("channel", f.channel),
        ("age_group", f.age_band),
        ("minor", f.minor),
        ("town", f.town_of_exploitation),
        ("gender", f.gender),
        ("language", f.language),
    ):
        yield f"received_by_{name}", (value.value,)
    for race in f.race_ethnicity or [None]:
        yield "received_by_race_ethnicity", (race.value if race else "unknown",)
    yield "routed", (story.urgency,)
    yield from _agency_counts(story)
    for event in story.all("ReferralWithdrawn"):
        yield "withdrawn", (event.data.reason.value,)
    if story.all("DuplicateLinked"):
        yield "duplicates_linked", ()
    if story.all("ReferralReopened"):
        yield "reopened", ()
    yield "closure", (story.closed.data.reason.value if story.closed else "not_closed",)
    yield from _outcome_counts(story)


def _agency_counts(story: Story) -> Iterator[tuple[str, Any]]:
    holding: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for event in story.all(*STEPS, "AssignmentProgressed"):
        step = STEPS.get(type(event).__name__, "in_progress")
        holding[event.data.agency] = step
        if step != "in_progress":
            yield "assignments", (event.data.agency, step)
        if step == "rerouted":
            yield "rerouted", (event.data.reason.value,)
        if step == "declined":
            reasons[event.data.agency] = event.data.reason.value
    for agency, reason in reasons.items():
        yield "declined", (agency, reason)
    held = any(step in ("accepted", "in_progress", "completed") for step in holding.values())
    if not (held or story.closed or story.all("ReferralWithdrawn")):
        yield "unassigned", ("awaiting_answer" if "offered" in holding.values() else "nobody_asked",)


def _outcome_counts(story: Story) -> Iterator[tuple[str, Any]]:
    decided = story.last("VictimAssessed")
    yield "victim_status", (decided.data.status.value if decided else "not_assessed",)
    if decided:
        yield "victim_status_decided_by", (decided.data.status.value, decided.data.agency)
    for event in story.all("ServiceRecorded"):
        yield "services", (event.data.service.value, event.data.status.value)
        if event.data.status == "provided":
            yield "served", ()
        if event.data.status == "unavailable":
            yield "service_barriers", (event.data.service.value, event.data.barrier.value if event.data.barrier else "unknown")
    for event in story.all("JusticeRecorded"):
        yield "justice_steps", (event.data.step.value,)
        if event.data.charge:
            yield "charges", (event.data.charge.value,)
        if event.data.disposition:
            yield "dispositions", (event.data.disposition.value,)
        if event.data.step == "investigation_opened" and story.facts.missing_child:
            yield "missing_children_investigated", ()
    for day in (30, 90, 180):
        told = [event for event in story.all("ThrivingRecorded") if event.data.day == day]
        yield "thriving", (str(day), "recorded" if told else "not_recorded")
        for indicator in told[-1].data.indicators if told else ():
            yield "thriving", (str(day), indicator.value)


def _many(story: Story) -> Iterator[tuple[str, Any]]:
    """What counts each time it happens."""
    for event in story.all("ReferralEscalated"):
        yield "escalations", (event.data.level.value,)
    for name in ("Started", "Met", "Missed"):
        for event in story.all(f"Clock{name}"):
            yield "clocks", (event.data.clock.value, name.lower())
    for event in story.all("NotificationDelivered", "NotificationFailed"):
        yield "notices", (event.data.channel.value, event.data.reason.value if hasattr(event.data, "reason") else "delivered")


def _times(story: Story) -> Iterator[tuple[str, str, timedelta | None]]:
    received, routed, accepted = story.time("ReferralReceived"), story.time("ReferralRouted"), story.time("AssignmentAccepted")
    contacted = story.time("AssignmentProgressed", lambda data: data.progress == "victim_contacted")
    served = story.time("ServiceRecorded", lambda data: data.status == "provided")
    for name, begin, end in (
        ("received_to_routed", received, routed),
        ("routed_to_accepted", routed, accepted),
        ("accepted_to_contacted", accepted, contacted),
        ("contacted_to_served", contacted, served),
        ("received_to_contacted", received, contacted),
        ("received_to_served", received, served),
    ):
        if begin is not None:
            yield name, story.urgency, None if end is None else max(timedelta(0), end - begin)
    for event in story.all("NotificationDelivered"):
        yield "notice_time", event.data.urgency.value, timedelta(milliseconds=event.data.after_ms)


def stories(events: Iterable[Any], since: datetime | None = None, until: datetime | None = None) -> list[Story]:
    """Those received in the period."""
    by_referral: dict[Any, list[Any]] = defaultdict(list)
    for event in events:
        by_referral[event.subject].append(event)
    found = [Story(told) for told in by_referral.values()]
    return [
        story
        for story in found
        if (at := story.time("ReferralReceived")) and (since is None or at >= since) and (until is None or at < until)
    ]


def expected_counts(told: Iterable[Story]) -> dict[str, dict[Any, dict[str, int]]]:
    """Measure to row to trafficking type (and `total`) to count; nothing that is zero."""
    counts: dict[str, dict[Any, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for story in told:
        for name, row in [*set(_counts(story)), *_many(story)]:
            counts[name][row].update([story.facts.trafficking_type.value, "total"])
    return {name: {row: dict(types) for row, types in rows.items()} for name, rows in counts.items()}


def expected_times(told: Iterable[Story], targets: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Measure to urgency (and `all`) to figures; rows in which nothing is are left out."""
    spans: dict[str, dict[str, list[timedelta | None]]] = defaultdict(lambda: defaultdict(list))
    for story in told:
        for name, urgency, span in _times(story):
            spans[name][urgency].append(span)
    return {name: _time_rows(by_urgency, targets.get(name, {})) for name, by_urgency in spans.items()}


def _time_rows(by_urgency: dict[str, list[timedelta | None]], targets: Any) -> dict[str, dict[str, Any]]:
    rows = {urgency: _time_row([(span, targets.get(urgency)) for span in spans]) for urgency, spans in by_urgency.items()}
    together = [(span, targets.get(urgency)) for urgency, spans in by_urgency.items() for span in spans]
    return rows | {"all": _time_row(together)}


def _time_row(spans: list[tuple[timedelta | None, timedelta | None]]) -> dict[str, Any]:
    ended = [span for span, _ in spans if span is not None]
    judged = [span <= target for span, target in spans if span is not None and target is not None]
    return {
        "count": len(ended),
        "not_ended": len(spans) - len(ended),
        "median": _percentile(ended, 50),
        "p90": _percentile(ended, 90),
        "judged": len(judged),
        "within_target": sum(judged),
        "share_within_target": round(sum(judged) / len(judged), 4) if judged else None,
    }


def _percentile(values: list[timedelta], percent: int) -> timedelta | None:
    """By the definition: the smallest value that at least so many percent of the values do not exceed."""
    fitting = [v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values)]
    return min(fitting, default=None)


def assert_figures(figures: dict[str, list[dict[str, Any]]], events: Iterable[Any], targets: Any, **period: Any) -> None:
    """Fails at the first figure that is not what the raw events say."""
    told = stories(events, **period)
    counts, times = expected_counts(told), expected_times(told, targets)
    assert not (set(counts) | set(times)) - set(figures), "a measure is missing"
    for name, rows in figures.items():
        if rows and "median" in rows[0]:
            _assert_times(name, rows, times.get(name, {}))
        else:
            _assert_counts(name, rows, counts.get(name, {}))


def _assert_counts(name: str, rows: list[dict[str, Any]], expected: dict[Any, dict[str, int]]) -> None:
    types = ("sex", "labor", "both", "unsure", "unrecognized", "total")
    for row in rows:
        assert set(types) <= set(row), f"{name}: the types do not stand side by side"
    found = {tuple(v for k, v in row.items() if k not in types): {t: row[t] for t in types if row[t]} for row in rows}
    assert len(found) == len(rows), f"{name}: a row is there twice"
    assert {row: types for row, types in found.items() if types} == expected, name


def _assert_times(name: str, rows: list[dict[str, Any]], expected: dict[str, dict[str, Any]]) -> None:
    unit = timedelta(milliseconds=1) if name == "notice_time" else timedelta(seconds=1)
    for row in rows:
        want = expected.get(row["urgency"], _time_row([]))
        for key, value in want.items():
            shown = value / unit if isinstance(value, timedelta) else value
            assert row[key] == shown, f"{name}, {row['urgency']}: {key}"
    assert set(expected) <= {row["urgency"] for row in rows}, name
