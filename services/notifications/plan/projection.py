"""Who would be told of an event, when, how and why, if nobody answered. Pure: it takes the decisions that the service takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.notifications.directory.directory import Holder
from services.notifications.notices.notice import Form, Notice
from services.notifications.plan.escalation import opened, take_step
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.rules import Rules


@dataclass(frozen=True, slots=True)
class Told:
    """One message to come. `at`: from when on it is sent. `reasons`: why it is sent, to whom, and why then."""

    at: datetime
    notice: Notice
    holder: Holder
    reasons: tuple[str, ...]


def project(occasion: Occasion, rules: Rules, steps: int = 6) -> Iterator[Told]:
    """What is told at once, then what each step of the escalation tells, `steps` at most."""
    for notice in decide(occasion, rules):
        yield _told(notice, occasion.now, rules)
    escalation = opened(occasion, rules)
    while escalation and escalation.taken < steps:
        turn = take_step(escalation, rules, escalation.due)
        for notice in turn.notices:
            yield _told(notice, escalation.due, rules)
        escalation = turn.after


def _told(notice: Notice, at: datetime, rules: Rules) -> Told:
    when = notice.not_before or at
    holder = rules.directory.holder(notice.seat, when)
    return Told(when, notice, holder, tuple(_reasons(notice, holder)))


def _reasons(notice: Notice, holder: Holder) -> Iterator[str]:
    event, _, role = notice.why.partition(":")
    yield f"{event} tells {role}" if notice.step == 0 else f"step {notice.step}: nobody has answered {event}"
    if holder.person:
        yield "on call"
    if holder.stands_in or notice.seat.role.value != role:
        yield f"the coordinator stands in, as nobody holds {role}"
    if notice.held is Form.digest:
        yield "in their digest then, as it can wait"
    elif notice.not_before:
        yield "quiet hours until then"
