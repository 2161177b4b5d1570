"""Every metric of intake. Labels are terms of our vocabularies or kinds of problem: closed sets, present from the start."""

from prometheus_client import Counter, Histogram

from shared.problems import ProblemKind
from shared.vocabulary import Channel, Reporter

# Referrals that are safe with us, by who tells it and how it came. Repeats under the same Idempotency-Key do not count.
RECEIVED = Counter("intake_referrals_received_total", "Referrals accepted", ["reporter", "channel"])
# Posts answered from an earlier one with the same Idempotency-Key: clients that had to try again.
REPEATED = Counter("intake_referrals_repeated_total", "Repeated posts answered without a second referral")
# Requests that were not served, by kind of problem. Alert on `unavailable` and `internal`.
REFUSED = Counter("intake_requests_refused_total", "Requests answered with a problem", ["reason"])
# From the decision to the journaled majority write of both documents, failed attempts included.
WRITE_SECONDS = Histogram(
    "intake_write_seconds",
    "Duration of a referral's write",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
# From the request's head to the answer: what a referrer waits. Only requests to take a referral.
ANSWER_SECONDS = Histogram(
    "intake_answer_seconds",
    "Duration of a post",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30),
)

# Stored details that could not be decrypted: changed or moved by a strange hand, or wrapped by a master key that is lost.
UNREADABLE = Counter("intake_vault_unreadable_total", "Fields of details that could not be decrypted")

for _reporter in Reporter.terms():
    for _channel in Channel.terms():
        RECEIVED.labels(_reporter, _channel)
for _kind in ProblemKind:
    REFUSED.labels(_kind.name)


def refused(kind: ProblemKind) -> None:
    """Counts one problem."""
    REFUSED.labels(kind.name).inc()
