"""Every metric of reporting. `part` is one of intake, activity, delivered: a closed set."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from services.reporting.cases.projections import ACTIVITY, DELIVERED, INTAKE
from shared.problems import ProblemKind

PARTS: Final = (INTAKE, ACTIVITY, DELIVERED)

# Events that changed a case, by the part they belong to; an event that came again does not count.
FOLDED = Counter("reporting_events_folded_total", "Events that changed a case", ["part"])
# Writes decided again because somebody else had changed the same part meanwhile. Rare; many mean two readers of one partition.
CONFLICTS = Counter("reporting_write_conflicts_total", "Cases decided again after a concurrent write", ["part"])
# Referrals known, whether or not their first event has come.
CASES = Gauge("reporting_cases", "Referrals in the figures")
# Time of the newest event in the figures: how fresh they are when something is happening.
NEWEST = Gauge("reporting_newest_event_timestamp_seconds", "Time of the newest event folded", ["part"])
# How long a report took to work out.
REPORT_SECONDS = Histogram("reporting_report_seconds", "Time to work out a report", buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 30))
# 1 while a rebuild holds its lease, and while one that died has left the figures waiting for the next.
REBUILDING = Gauge("reporting_rebuild_running", "1 while a rebuild is under way or was left half done")
# When the figures were last rebuilt from the topics; 0 if never.
REBUILT = Gauge("reporting_rebuild_last_success_timestamp_seconds", "When a rebuild last finished")
# Requests that could not be served, by kind of problem.
PROBLEMS = Counter("reporting_problems_total", "Requests answered with a problem", ["kind"])

# Extracts for partners: `taken` ones have an entry in the ledger; `refused` to somebody who has signed in and is no partner.
EXTRACTS = Counter("reporting_extracts_total", "Extracts for partners, by how they were answered", ["extract"])
for _answer in ("taken", "refused"):
    EXTRACTS.labels(_answer)

for _kind in ProblemKind:
    PROBLEMS.labels(_kind.name)
for _part in PARTS:
    FOLDED.labels(_part)
    CONFLICTS.labels(_part)
    NEWEST.labels(_part)
