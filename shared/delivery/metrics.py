"""Every metric of the delivery core. `reader` is the name of a consumer group: a closed set, known at wiring."""

import time
from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from shared.delivery.errors import Reason
from shared.delivery.record import Record

# Records that had their effect (first or repeated).
APPLIED = Counter("delivery_records_applied_total", "Records applied", ["reader"])
# Records that could not have an effect, by reason. Alert on any increase.
DEAD_LETTERS = Counter("delivery_dead_letters_total", "Records sent to a dead letter topic", ["reader", "reason"])
# Keys held back until an operator replays or skips.
PARKED = Gauge("delivery_parked_keys", "Keys whose events are held back", ["reader"])
# Batches taken again because database, broker or use case were not ready.
REDELIVERIES = Counter("delivery_batches_redelivered_total", "Batches sought back", ["reader"])
# Commits that failed; the batch comes again.
COMMIT_FAILURES = Counter("delivery_commit_failures_total", "Offset commits that failed", ["reader"])
# 1 while the reader refuses to go on because too many records went dead.
HALTED = Gauge("delivery_halted", "1 while the reader is halted", ["reader"])
# From the record's timestamp to its effect.
DELAY = Histogram(
    "delivery_delay_seconds",
    "Age of a record when its effect was durable",
    ["reader"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600),
)
# When a batch was last finished: lag that grows while this stands still is a dead reader.
LAST_SUCCESS = Gauge("delivery_last_success_timestamp_seconds", "When a batch was last applied", ["reader"])
# Age of the oldest record of the last batch; falls to 0 when there is nothing to do.
OLDEST_UNHANDLED = Gauge("delivery_oldest_unhandled_age_seconds", "Age of the oldest record not yet applied", ["reader"])
# Outbox: events written and not yet known to be published.
OUTBOX_AGE = Gauge("outbox_oldest_age_seconds", "Age of the oldest unpublished event", ["outbox"])
PUBLISHED = Counter("outbox_events_published_total", "Events published", ["outbox"])
SWEPT = Counter("outbox_documents_swept_total", "Documents whose events the sweeper had to publish", ["outbox"])
RELAY_FAILURES = Counter("outbox_publish_failures_total", "Attempts to publish that failed", ["outbox"])
# Last success of every loop that comes round by itself, by name (closed set); the start of the service until its first.
LOOP_SUCCESS = Gauge("loop_last_success_timestamp_seconds", "When a loop last came round without error", ["loop"])


def start_reader(name: str) -> None:
    """Makes every series of a reader exist from the start, so that an alert sees the first increase."""
    for metric in (APPLIED, PARKED, REDELIVERIES, COMMIT_FAILURES, HALTED, LAST_SUCCESS, OLDEST_UNHANDLED):
        metric.labels(name)
    for reason in Reason:
        DEAD_LETTERS.labels(name, reason.value)


def observe_delay(name: str, records: Sequence[Record]) -> None:
    """Records how late the first and the last record of a batch were: two of 500 are enough for a percentile."""
    now = time.time()
    for record in (records[0], records[-1]):
        DELAY.labels(name).observe(max(0.0, now - record.timestamp / 1000))
    LAST_SUCCESS.labels(name).set(now)
