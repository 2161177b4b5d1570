"""Every metric of intake. Labels are terms of our vocabularies or kinds of problem: closed sets, present from the start."""

from prometheus_client import Counter, Gauge, Histogram

from services.intake.attachments.kinds import Kind
from services.intake.attachments.refusal import Why
from services.intake.pages.throng import Crowd
from shared.problems import ProblemKind
from shared.vocabulary import Added, Channel, Reporter

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

# Details that could not be decrypted or encrypted: the `ciphertext` was changed or moved by a strange hand; or the referral's
# `key` cannot be unwrapped, as the master key is missing or the key service does not answer.
UNREADABLE = Counter("intake_vault_unreadable_total", "Fields of details that could not be decrypted", ["cause"])
for _cause in ("ciphertext", "key"):
    UNREADABLE.labels(_cause)

# Forms that were sent while there was a throng, and were asked to wait or to solve a puzzle, by which count was full.
SLOWED = Counter("intake_forms_slowed_total", "Sends of the form that had to wait their turn", ["crowd"])

# What reporters who came back with their code changed. Looking at the status does not count.
CHANGED = Counter("intake_referrals_changed_total", "Changes by reporters who came back", ["what"])

# Referrals whose likely duplicates were told of, on `referrals.intake`.
DUPLICATES_TOLD = Counter("intake_duplicates_told_total", "Referrals with likely duplicates that were told of")
# Seconds since the oldest referral was stored that is still to be compared with the others.
UNCOMPARED_SECONDS = Gauge("intake_duplicates_waiting_seconds", "Age of the oldest referral not yet compared")

# Seconds since the time of the oldest details was over that are neither destroyed nor held; 0 where there are none.
OVERDUE_SECONDS = Gauge("intake_destruction_overdue_seconds", "For how long details are kept beyond their time")

# Receipt codes that were looked at when somebody came back, right or wrong. Each costs one slow hash.
CODES_CHECKED = Counter("intake_receipt_codes_checked_total", "Receipt codes that somebody came back with")
# How long the oldest code waits that is not behind its slow hash yet: a second or so, minutes after a flood.
OLDEST_UNHASHED = Gauge("intake_receipt_oldest_unhashed_seconds", "Age of the oldest code without its slow hash")
# Files that are safe with us, by kind; and those that were not taken, by why.
ATTACHMENTS = Counter("intake_attachments_total", "Files of referrals that were stored", ["file_kind"])
ATTACHMENTS_REFUSED = Counter("intake_attachments_refused_total", "Files of referrals that were refused", ["why"])
for _file_kind in Kind:
    ATTACHMENTS.labels(_file_kind.value)
for _why in Why:
    ATTACHMENTS_REFUSED.labels(_why.name)

# What the virus scanner said, `away` where it said nothing. Only with CLAMD_ADDRESS.
SCANS = Counter("intake_attachment_scans_total", "Files that were scanned", ["verdict"])
for _verdict in ("clean", "harmful", "away"):
    SCANS.labels(_verdict)
# Since when the oldest file waits for a scanner that is away: until then nobody can read it.
UNSCANNED_AGE = Gauge("intake_attachments_unscanned_age_seconds", "Age of the oldest file that waits for the scanner")

for _reporter in Reporter.terms():
    for _channel in Channel.terms():
        RECEIVED.labels(_reporter, _channel)
for _kind in ProblemKind:
    REFUSED.labels(_kind.name)
for _what in ("withdrawn", *Added.terms()):
    CHANGED.labels(_what)
for _crowd in Crowd:
    SLOWED.labels(_crowd.value)


def refused(kind: ProblemKind) -> None:
    """Counts one problem."""
    REFUSED.labels(kind.name).inc()
