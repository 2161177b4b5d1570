"""Every metric of notifications. Labels are closed: kinds, urgencies, channels, troubles."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from services.notifications.answers.provider_message import Wish
from services.notifications.directory.duty_calendar import CalendarTrouble
from services.notifications.notices.attempt import Dropped, Failed, Later, Moved, Outcome, Sent, Settled, Trouble
from services.notifications.notices.bundle import Bundle
from services.notifications.notices.ending import apiece
from services.notifications.notices.notice import Form, Notice, NoticeKind
from services.notifications.oversight.audit import Finding
from shared.problems import ProblemKind
from shared.vocabulary import NotificationChannel, Urgency

_STATUS_OF = {Sent: "sent", Failed: "failed", Dropped: "dropped"}
_STATUSES = ("added", *_STATUS_OF.values())

# Notices that were added, sent, given up, or dropped as an answer came first; the rest is open. Alert on any failed.
NOTICES = Counter("notices_total", "Notices by kind and what became of them", ["kind", "status"])
# Messages that tell of several notices, by why they do. A storm is news by itself. Alert on many of them.
BUNDLES = Counter("notices_bundles_total", "Messages that told of several notices", ["form"])
BUNDLED = Histogram("notices_bundle_size", "Notices in such a message", ["form"], buckets=(1, 2, 5, 10, 20, 50, 100, 150, 200))
# From the routing event to the yes of the server or provider; what was held to be told with others does not count. Goal: p99 of
# 0.1 while the server answers.
SENT_AFTER = Histogram(
    "notices_sent_after_seconds",
    "Time from the routing event to the server's acceptance",
    ["urgency"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3600, 86400),
)
# Notices not yet sent or given up, and how old the event of the oldest is. Alert when the age passes the shortest clock.
OPEN = Gauge("notices_open", "Notices not yet sent or failed")
OLDEST = Gauge("notices_oldest_open_age_seconds", "Age of the event that the oldest open notice is about")
# Attempts that the other side did not take, by channel and by what was wrong.
TROUBLES = Counter("notices_attempts_failed_total", "Attempts that were not taken", ["channel", "trouble"])
# Notices that went on to another channel, by the channel that did not work.
MOVED = Counter("notices_moved_total", "Notices moved to another channel", ["channel"])
# Notices sent to the coordinator's desk as nobody held the seat: nobody on call, and no address of its own. Alert on any.
STOOD_IN = Counter("notices_stood_in_total", "Notices taken by the coordinator as nobody held the seat")
# Attempts at a notice that may have been sent before (a crash, a lost answer). Such a mail has the same Message-ID.
REPEATED = Counter("notices_repeated_total", "Messages sent that may be repeats")
# Rounds in a row in which a channel could not be reached; 0 while it answers.
OUTAGE_ROUNDS = Gauge("notices_outage_rounds", "Rounds in a row without reaching a channel", ["channel"])
# Matters that nobody has answered yet, and how long the next step of the first of them is overdue. Alert when it is late.
ESCALATIONS = Gauge("notices_escalations_open", "Escalations that wait for an answer")
ESCALATION_LATE = Gauge("notices_escalation_overdue_seconds", "How long the next step that is due has been due")
# Steps taken, by how long after they were due. Goal: p99 of 2 with 100,000 open.
STEPPED_AFTER = Histogram(
    "notices_escalation_step_late_seconds",
    "Time from when a step was due until it was decided",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 600),
)
ESCALATIONS_ENDED = Counter("notices_escalations_ended_total", "Escalations that an answer or an end has stopped")
# What the auditor finds: events of which somebody must know and of which nobody was told, by what is wrong. Alert on any.
AUDIT_FINDINGS = Gauge("notices_audit_findings", "Events of which nobody was told in time", ["finding"])
# When the auditor last came round. Alert when it is silent or absent: without it no finding means nothing.
AUDITED = Gauge("notices_audit_last_round_timestamp_seconds", "When the auditor last looked")
# Age of the on-call calendar that was read from its address longest ago. Alert when it is old: people on call have changed.
CALENDAR_AGE = Gauge("on_call_calendar_age_seconds", "Time since the calendar read longest ago was read; 0 without any")
# Calendars that could not be read, by what was wrong; the last good version holds meanwhile.
CALENDAR_TROUBLES = Counter("on_call_calendar_reads_failed_total", "Calendars that could not be read", ["calendar_trouble"])
# When every desk and person was last sent a test message. Alert after a month: an address that is dead shows in no other way.
DRILLED = Gauge("notices_last_drill_timestamp_seconds", "When the last drill of all desks was; 0 before the first")
# Messages that were taken and did not arrive after all: a mail that bounced, a text message by its receipt. Alert on any.
LOST = Counter("notices_lost_total", "Messages that were taken and did not arrive", ["channel"])
# What people answer to text messages, by what they want.
REPLIES = Counter("notices_text_replies_total", "Replies to text messages", ["wish"])
# Requests that could not be served, by kind of problem.
PROBLEMS = Counter("notices_problems_total", "Requests answered with a problem", ["kind"])

for _problem in ProblemKind:
    PROBLEMS.labels(_problem.name)
for _kind in NoticeKind:
    for _status in _STATUSES:
        NOTICES.labels(_kind.value, _status)
for _finding in Finding:
    AUDIT_FINDINGS.labels(_finding.value)
for _trouble_of_calendar in CalendarTrouble:
    CALENDAR_TROUBLES.labels(_trouble_of_calendar.value)
for _wish in Wish:
    REPLIES.labels(_wish.value)
for _form in Form:
    BUNDLES.labels(_form.value)
    BUNDLED.labels(_form.value)
for _urgency in Urgency.terms():
    SENT_AFTER.labels(_urgency)
for _channel in NotificationChannel.terms():
    MOVED.labels(_channel)
    LOST.labels(_channel)
    OUTAGE_ROUNDS.labels(_channel)
    for _trouble in Trouble:
        TROUBLES.labels(_channel, _trouble.value)


def added(notices: Iterable[Notice]) -> None:
    """Counts new notices."""
    for notice in notices:
        NOTICES.labels(notice.kind.value, "added").inc()


def observe(outcome: Outcome) -> None:
    """Counts what became of a message and of each notice in it; an attempt that is tried again later is nothing yet."""
    if isinstance(outcome, Moved):
        MOVED.labels(outcome.claimed.message.channel.value).inc()
    elif not isinstance(outcome, Later):
        for notice, how in apiece(outcome):
            _ended(notice, how)
    if isinstance(outcome, Sent):
        _sent(outcome)


def _ended(notice: Notice, how: Settled) -> None:
    NOTICES.labels(notice.kind.value, _STATUS_OF[type(how)]).inc()
    if isinstance(how, Sent) and not notice.not_before:
        SENT_AFTER.labels(notice.urgency.value).observe(max(0.0, (how.at - notice.at).total_seconds()))


def _sent(sent: Sent) -> None:
    STOOD_IN.inc(sent.stands_in)
    if isinstance(sent.claimed.message, Bundle):
        form = sent.claimed.message.form.value
        BUNDLES.labels(form).inc()
        BUNDLED.labels(form).observe(len(sent.claimed.message.notices))


def found(counts: Mapping[str, int]) -> None:
    """Sets what the auditor found."""
    for finding in Finding:
        AUDIT_FINDINGS.labels(finding.value).set(counts.get(finding.value, 0))


def stepped(late: float) -> None:
    """Counts a step of an escalation, `late` seconds after it was due."""
    STEPPED_AFTER.observe(max(0.0, late))


def problem(kind: ProblemKind) -> None:
    """Counts a request that could not be served."""
    PROBLEMS.labels(kind.name).inc()


def waiting(count: int, oldest: datetime | None, now: datetime) -> None:
    """Sets the gauges of what is open."""
    OPEN.set(count)
    OLDEST.set(_age(oldest, now))


def escalating(count: int, first_due: datetime | None, now: datetime) -> None:
    """Sets the gauges of what nobody has answered."""
    ESCALATIONS.set(count)
    ESCALATION_LATE.set(_age(first_due, now))


def drilled(last: datetime | None) -> None:
    """Sets when the last drill was."""
    DRILLED.set(last.timestamp() if last else 0.0)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
