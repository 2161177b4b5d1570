"""Every metric of routing. Labels are closed: agencies of agencies.yaml, kinds of clocks, results."""

from collections import Counter as Times
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from services.routing.keeping.fold import Fold
from shared.events.envelope import Event
from shared.events.routing import ClockMet, ClockMissed, ReferralRouted
from shared.problems import ProblemKind
from shared.vocabulary import ClockKind, Rejection, Urgency

APPLIED = "applied"
REPEATED = "repeated"
MISTAKES = "mistakes"
AGENCIES_CHANGED = "agencies_changed"

# Offers that wait for an agency's answer. Alert where one agency's keeps growing.
OFFERS_OUTSTANDING = Gauge("routing_offers_outstanding", "Offers without an answer", ["agency"])
# Age of the oldest of them; 0 where none waits.
OLDEST_OFFER_AGE = Gauge("routing_oldest_offer_age_seconds", "Age of the oldest offer without an answer")
# Referrals that no agency has accepted yet.
UNASSIGNED = Gauge("routing_referrals_unassigned", "Referrals that no agency has accepted")
# Clocks that run, missed ones among them until what they wait for happens.
CLOCKS_RUNNING = Gauge("routing_clocks_running", "Clocks that run", ["clock"])
# Decisions of the rules, first ones and those after a supplement.
ROUTED = Counter("routing_referrals_routed_total", "Decisions by the rules", ["urgency"])
# Clocks that ran out, each once. Alert on any of a mandated report.
CLOCKS_MISSED = Counter("routing_clocks_missed_total", "Clocks that ran out", ["clock"])
CLOCKS_MET = Counter("routing_clocks_met_total", "Clocks whose condition was met, in time or late", ["clock"])
# From a clock's due time to its effect: above a few seconds the loop is behind, or was down.
CLOCK_LATENESS = Histogram(
    "routing_clock_lateness_seconds",
    "How late a clock fired",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 30, 120, 600, 3600),
)
# Referrals whose clocks could not be decided on: a fault in the program. Alert on any.
CLOCK_FAILURES = Counter("routing_clock_failures_total", "Referrals whose due clocks raised an error")
# What became of agencies' events: applied, repeated, or the reason of the rejection.
AGENCY_EVENTS = Counter("routing_agency_events_total", "Events of agencies by result", ["agency_event_result"])
# 1 while the configuration on the disk is not the one in force, since it has mistakes, or agencies that need a restart.
RULES_REFUSED = Gauge("routing_rules_refused", "Whether the files on the disk cannot be used", ["refusal"])
# Writes that another instance was quicker with; they are decided again.
WRITE_CONFLICTS = Counter("routing_write_conflicts_total", "Changes decided again because the referral had moved on")
# Errors answered by the desk's API.
PROBLEMS = Counter("routing_problems_total", "Requests answered with a problem", ["problem"])

_COUNTED: dict[type[Event], Callable[[Any], tuple[Counter, str]]] = {
    ReferralRouted: lambda data: (ROUTED, data.urgency.value),
    ClockMissed: lambda data: (CLOCKS_MISSED, data.clock.value),
    ClockMet: lambda data: (CLOCKS_MET, data.clock.value),
}


def start(agencies: Iterable[str]) -> None:
    """Makes every series exist from the start, so that an alert sees the first increase."""
    for agency in agencies:
        OFFERS_OUTSTANDING.labels(agency)
    for kind in ClockKind.terms():
        for metric in (CLOCKS_RUNNING, CLOCKS_MISSED, CLOCKS_MET):
            metric.labels(kind)
    for urgency in Urgency.terms():
        ROUTED.labels(urgency)
    for problem in ProblemKind:
        PROBLEMS.labels(problem.name)
    for refusal in (MISTAKES, AGENCIES_CHANGED):
        RULES_REFUSED.labels(refusal).set(0)
    for result in (APPLIED, REPEATED, *Rejection.terms()):
        AGENCY_EVENTS.labels(result)


def count_happened(folds: Iterable[Fold]) -> None:
    """Counts what was decided and written."""
    told = [(one.event, one.data) for fold in folds for one in fold.happened if one.event in _COUNTED]
    for (metric, label), times in Times([_COUNTED[event](data) for event, data in told]).items():
        metric.labels(label).inc(times)


def count_agency_events(folds: Iterable[Fold], results: Iterable[str]) -> None:
    """Counts what agencies' events led to, and what became of each."""
    count_happened(folds)
    for result in results:
        AGENCY_EVENTS.labels(result).inc()


def count_lateness(due: Iterable[datetime], now: datetime) -> None:
    """Records how late clocks fired."""
    for moment in due:
        CLOCK_LATENESS.observe((now - moment).total_seconds())


def show_clocks(rows: Iterable[dict[str, Any]], agencies: Iterable[str], now: datetime) -> None:
    """Sets the gauges from the running clocks: `{_id: {kind, agency}, count, oldest}`."""
    running = dict.fromkeys(ClockKind.terms(), 0)
    offers = dict.fromkeys(agencies, 0)
    oldest = now
    for row in rows:
        kind, agency = row["_id"]["kind"], row["_id"].get("agency")
        running[kind] = running.get(kind, 0) + row["count"]
        if kind == ClockKind.answer.value and agency in offers:
            offers[agency] = row["count"]
            oldest = min(oldest, row["oldest"])
    for kind, count in running.items():
        CLOCKS_RUNNING.labels(kind).set(count)
    for agency, count in offers.items():
        OFFERS_OUTSTANDING.labels(agency).set(count)
    UNASSIGNED.set(running[ClockKind.unassigned.value])
    OLDEST_OFFER_AGE.set((now - oldest).total_seconds())
