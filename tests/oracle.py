"""Every figure of the report worked out a second time, straight from the raw events and as plainly as can be.

Shares no code with the service: no projection, no case, no columns, no percentile function. Events may come in any order and
repeatedly. By receipt a story counts where it was received in the period; by event, each thing counts where it happened in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    def received(self) -> datetime | None:
        return self.time("ReferralReceived")

    def _standing(self, name: str) -> Any:
        """The last one of that name, unless the referral was reopened since."""
        end = self.last(name, "ReferralReopened")
        return end if end is not None and type(end).__name__ == name else None

    @property
    def closed(self) -> Any:
        return self._standing("ReferralClosed")

    @property
    def screened_out(self) -> Any:
        return self._standing("ReferralScreenedOut")

    @property
    def ended(self) -> bool:
        return bool(self.closed or self.screened_out or self.all("ReferralWithdrawn"))

    def facets(self) -> dict[str, set[str]]:
        """What the referral can be picked out by."""
        f, decided = self.facts, self.last("VictimAssessed")
        single = {"type": f.trafficking_type, "reporter": f.reporter, "channel": f.channel, "age_group": f.age_band}
        single |= {"minor": f.minor, "gender": f.gender, "language": f.language, "town": f.town_of_exploitation}
        status = decided.data.status.value if decided else "not_assessed"
        several = {"race_ethnicity": {race.value for race in f.race_ethnicity} or {"unknown"}}
        return (
            {name: {term.value} for name, term in single.items()}
            | several
            | {"urgency": {self.urgency}, "victim_status": {status}}
        )


def _dated(story: Story) -> Iterator[tuple[str, Any, datetime | None]]:
    """Measure, row and moment of everything that a story counts in; None where the measure does not say when."""
    f, at = story.facts, story.received
    yield "received", (), at
    for name, value in (
        ("reporter", f.reporter),
        ("channel", f.channel),
        ("age_group", f.age_band),
        ("minor", f.minor),
        ("town", f.town_of_exploitation),
        ("gender", f.gender),
        ("language", f.language),
    ):
        yield f"received_by_{name}", (value.value,), at
    for race in f.race_ethnicity or [None]:
        yield "received_by_race_ethnicity", (race.value if race else "unknown",), at
    yield "routed", (story.urgency,), story.time("ReferralRouted")
    yield from _agency_counts(story)
    for event in story.all("ReferralWithdrawn"):
        yield "withdrawn", (event.data.reason.value,), event.time
    if story.screened_out:
        yield "screened_out", (story.screened_out.data.reason.value,), story.screened_out.time
    if any(event.data.score is None for event in story.all("DuplicateLinked")):
        yield "duplicates_linked", (), None
    if story.all("ReferralReopened"):
        yield "reopened", (), None
    yield "closure", (story.closed.data.reason.value if story.closed else "not_closed",), story.closed and story.closed.time
    yield from _funnel(story)
    yield from _outcome_counts(story)
    yield from _justice_counts(story)


def _funnel(story: Story) -> Iterator[tuple[str, Any, datetime | None]]:
    for step, at in (
        ("received", story.received),
        ("routed", story.time("ReferralRouted")),
        ("offered", story.time("AssignmentOffered")),
        ("accepted", story.time("AssignmentAccepted")),
        ("contacted", story.time("AssignmentProgressed", lambda data: data.progress == "victim_contacted")),
        ("served", story.time("ServiceRecorded", lambda data: data.status == "provided")),
        ("closed", story.closed and story.closed.time),
    ):
        if at:
            yield "funnel", (step,), at


def _agency_counts(story: Story) -> Iterator[tuple[str, Any, datetime | None]]:
    holding: dict[str, str] = {}
    firsts: dict[tuple[str, str], datetime] = {}
    reasons: dict[str, str] = {}
    for event in story.all(*STEPS, "AssignmentProgressed"):
        step = STEPS.get(type(event).__name__, "in_progress")
        holding[event.data.agency] = step
        firsts.setdefault((event.data.agency, step), event.time)
        if step == "rerouted":
            yield "rerouted", (event.data.reason.value,), None
        if step == "declined":
            reasons[event.data.agency] = event.data.reason.value
    for (agency, step), at in firsts.items():
        if step != "in_progress":
            yield "assignments", (agency, step), at
    for agency, reason in reasons.items():
        yield "declined", (agency, reason), firsts[agency, "declined"]
    for agency, step in holding.items():
        if step in ("offered", "accepted", "in_progress") and not story.ended:
            yield "workload", (agency, step), None
    held = any(step in ("accepted", "in_progress", "completed") for step in holding.values())
    if not (held or story.ended):
        yield "unassigned", ("awaiting_answer" if "offered" in holding.values() else "nobody_asked",), None


def _outcome_counts(story: Story) -> Iterator[tuple[str, Any, datetime | None]]:
    decided = story.last("VictimAssessed")
    yield "victim_status", (decided.data.status.value if decided else "not_assessed",), decided and decided.time
    if decided:
        yield "victim_status_decided_by", (decided.data.status.value, decided.data.agency), decided.time
    for event in story.all("ServiceRecorded"):
        yield "services", (event.data.service.value, event.data.status.value), event.time
        if event.data.status == "provided":
            yield "served", (), event.time
        if event.data.status == "unavailable":
            barrier = event.data.barrier.value if event.data.barrier else "unknown"
            yield "service_barriers", (event.data.service.value, barrier), event.time
    for event in story.all("ReportRecorded"):
        yield "mandated_reports", (event.data.report.value, event.data.called_by.value), event.data.made_at
    for day in (30, 90, 180):
        told = [event for event in story.all("ThrivingRecorded") if event.data.day == day]
        yield "thriving", (str(day), "recorded" if told else "not_recorded"), told[-1].time if told else None
        for indicator in told[-1].data.indicators if told else ():
            yield "thriving", (str(day), indicator.value), told[-1].time


def _justice_counts(story: Story) -> Iterator[tuple[str, Any, datetime | None]]:
    for event in story.all("JusticeRecorded"):
        yield "justice_steps", (event.data.step.value,), event.time
        if event.data.charge:
            yield "charges", (event.data.charge.value,), event.time
        if event.data.disposition:
            yield "dispositions", (event.data.disposition.value,), event.time
        if event.data.step == "investigation_opened" and story.facts.missing_child:
            yield "missing_children_investigated", (), event.time


def _many(story: Story) -> Iterator[tuple[str, Any]]:
    """What counts each time it happens."""
    for event in story.all("ReferralEscalated"):
        yield "escalations", (event.data.level.value,)
    for kind in _clocks_begun(story):
        yield "clocks", (kind, "started")
    for name in ("Met", "Missed"):
        for event in story.all(f"Clock{name}"):
            yield "clocks", (event.data.clock.value, name.lower())
    for event in story.all("NotificationDelivered", "NotificationFailed"):
        yield "notices", (event.data.channel.value, event.data.reason.value if hasattr(event.data, "reason") else "delivered")


def _clocks_begun(story: Story) -> Iterator[str]:
    """An offer begins an answer clock; an older routing said so once more, by itself and right after it."""
    before: Any = None
    for event in story.events:
        name = type(event).__name__
        if name == "AssignmentOffered":
            yield "answer"
        elif name != "ClockStarted":
            yield from (clock.clock.value for clock in getattr(event.data, "clocks", ()))
        elif type(before).__name__ != "AssignmentOffered":
            yield event.data.clock.value
        before = event


def _times(story: Story) -> Iterator[tuple[str, str, str, timedelta | None]]:
    """Measure, row, urgency and time."""
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
            yield name, story.urgency, story.urgency, None if end is None else max(timedelta(0), end - begin)
    for event in story.all("NotificationDelivered"):
        urgency = event.data.urgency.value
        yield "notice_time", urgency, urgency, timedelta(milliseconds=event.data.after_ms)
    offers = {event.data.agency: event.time for event in reversed(story.all("AssignmentOffered"))}
    for agency, offered in offers.items():
        answers = [event.time for event in story.all("AssignmentAccepted", "AssignmentDeclined") if event.data.agency == agency]
        yield "answer_time", agency, story.urgency, max(timedelta(0), answers[0] - offered) if answers else None


def stories(events: Iterable[Any], facets: Mapping[str, set[str]]) -> list[Story]:
    """Those received that fit."""
    by_referral: dict[Any, list[Any]] = defaultdict(list)
    for event in events:
        by_referral[event.subject].append(event)
    told = [story for story in map(Story, by_referral.values()) if story.received]
    return [story for story in told if all(story.facets()[name] & terms for name, terms in facets.items())]


def _inside(at: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    return at is not None and (since is None or at >= since) and (until is None or at < until)


def expected_counts(told: Iterable[Story], since: datetime | None, until: datetime | None, *, by_event: bool) -> Any:
    """Measure to row to trafficking type (and `total`, and by event `new`) to count; nothing that is zero."""
    counts: dict[str, dict[Any, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for story in told:
        dated = list(_dated(story))
        received_now = _inside(story.received, since, until)
        if by_event:
            rows = list({(name, row) for name, row, at in dated if _inside(at, since, until)})
        else:
            rows = [*{(name, row) for name, row, _ in dated}, *_many(story)] if received_now else []
        for name, row in rows:
            new = ["new"] if by_event and received_now else []
            counts[name][row].update([story.facts.trafficking_type.value, "total", *new])
    return {name: {row: dict(types) for row, types in rows.items()} for name, rows in counts.items()}


def expected_times(told: Iterable[Story], targets: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Measure to row (and `all`) to figures; rows in which nothing is are left out."""
    spans: dict[str, dict[str, list[tuple[timedelta | None, timedelta | None]]]] = defaultdict(lambda: defaultdict(list))
    for story in told:
        for name, row, urgency, span in _times(story):
            spans[name][row].append((span, targets.get(name, {}).get(urgency)))
    return {
        name: {row: _time_row(spans) for row, spans in rows.items()} | {"all": _time_row([s for r in rows.values() for s in r])}
        for name, rows in spans.items()
    }


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


def assert_figures(
    figures: dict[str, list[dict[str, Any]]],
    events: Iterable[Any],
    targets: Any,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    by_event: bool = False,
    facets: Mapping[str, set[str]] | None = None,
) -> None:
    """Fails at the first figure that is not what the raw events say."""
    told = stories(events, facets or {})
    counts = expected_counts(told, since, until, by_event=by_event)
    times = {} if by_event else expected_times([s for s in told if _inside(s.received, since, until)], targets)
    assert not (set(counts) | set(times)) - set(figures), "a measure is missing"
    for name, rows in figures.items():
        if rows and "median" in rows[0]:
            _assert_times(name, rows, times.get(name, {}))
        else:
            _assert_counts(name, rows, counts.get(name, {}))


def _assert_counts(name: str, rows: list[dict[str, Any]], expected: dict[Any, dict[str, int]]) -> None:
    types = ("sex", "labor", "both", "unsure", "unrecognized", "total")
    shown = (*types, "new", "continuing")
    for row in rows:
        assert set(types) <= set(row), f"{name}: the types do not stand side by side"
        assert "new" not in row or row["new"] + row["continuing"] == row["total"], name
    found = {
        tuple(v for k, v in row.items() if k not in shown): {t: row[t] for t in (*types, "new") if row.get(t)} for row in rows
    }
    assert len(found) == len(rows), f"{name}: a row is there twice"
    assert {row: types for row, types in found.items() if types} == expected, name


def _assert_times(name: str, rows: list[dict[str, Any]], expected: dict[str, dict[str, Any]]) -> None:
    unit = timedelta(milliseconds=1) if name == "notice_time" else timedelta(seconds=1)
    by = next(iter(rows[0]))
    for row in rows:
        want = expected.get(row[by], _time_row([]))
        for key, value in want.items():
            shown = value / unit if isinstance(value, timedelta) else value
            assert row[key] == shown, f"{name}, {row[by]}: {key}"
    assert set(expected) <= {row[by] for row in rows}, name


def expected_group(
    events: Iterable[Any], since: datetime | None, until: datetime | None, facet: str, term: str
) -> dict[str, Any]:
    """One row of the equity view, the share's interval left out."""
    told = [s for s in stories(events, {facet: {term}}) if _inside(s.received, since, until)]
    steps = [{row[0] for name, row, _ in _dated(story) if name == "funnel"} for story in told]
    at_90 = [{row[1] for name, row, _ in _dated(story) if name == "thriving" and row[0] == "90"} for story in told]
    known = [indicators for indicators in at_90 if "recorded" in indicators]
    times = [span for story in told for name, _, _, span in _times(story) if name == "received_to_served" and span is not None]
    return {
        "referrals": len(told),
        **{step: (sum(step in came for came in steps), len(told)) for step in ("accepted", "contacted", "served")},
        **{
            f"{term}_at_90_days": (sum(term in i for i in known), len(known))
            for term in ("safe_housing", "engaged_with_support")
        },
        "median": (len(times), _percentile(times, 50)),
    }
