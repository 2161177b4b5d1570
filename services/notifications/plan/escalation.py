"""While nobody answers: who is told next, and when. Pure; what happened is in the decision, with its reasons."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.notifications.notices.notice import Notice
from services.notifications.plan.matter import Matter
from services.notifications.plan.plan import Occasion, each_once
from services.notifications.plan.policy import Step
from services.notifications.plan.rules import Rules

SLOWEST = timedelta(days=1)


class Ended(StrEnum):
    """Why an escalation is over. A closed set: it is a metric label."""

    accepted = "accepted"
    declined = "declined"
    acknowledged = "acknowledged"
    """Somebody pressed the button of a message, or answered it."""
    overtaken = "overtaken"
    """There is nothing left to answer: expired, taken back, re-routed, closed."""
    told_all = "told_all"
    """The last step has been taken, and it is not repeated."""


_ENDS = {
    "assignment.accepted": Ended.accepted,
    "assignment.declined": Ended.declined,
    "assignment.expired": Ended.overtaken,
    "assignment.revoked": Ended.overtaken,
    "assignment.rerouted": Ended.overtaken,
    "assignment.completed": Ended.overtaken,
    "referral.closed": Ended.overtaken,
    "referral.screened_out": Ended.overtaken,
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """A matter that nobody has answered yet. `taken` steps have been taken; the next is `due`. `version` is the document's."""

    matter: Matter
    due: datetime
    taken: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Stop:
    """From `matter` on, what `agency` was asked before has an answer, or needs none. Without an agency: everybody's."""

    matter: Matter
    agency: str | None
    why: Ended


@dataclass(frozen=True, slots=True)
class Turn:
    """One step: who is told now, and the escalation after it; None where it was the last."""

    before: Escalation
    notices: list[Notice]
    after: Escalation | None


def opened(occasion: Occasion, rules: Rules) -> Escalation | None:
    """The escalation that an event begins; None where nobody waits for an answer."""
    steps = rules.policy.steps(occasion.name, occasion.urgency)
    return Escalation(occasion.matter, occasion.now + steps[0].after * rules.scale) if steps else None


def stopped(occasion: Occasion) -> Stop | None:
    """What an event ends; None where it ends nothing."""
    why = _ENDS.get(occasion.name)
    return Stop(occasion.matter, occasion.matter.agency, why) if why else None


def take_step(escalation: Escalation, rules: Rules, now: datetime) -> Turn:
    """Takes the step that is due. A policy that has become shorter meanwhile goes on with its last step."""
    matter, number = replace(escalation.matter, at=escalation.due), escalation.taken + 1
    steps = rules.policy.steps(matter.when, matter.urgency)
    if not steps:
        return Turn(escalation, [], None)
    step = steps[min(number, len(steps)) - 1]
    notices = each_once(matter, ((step.kind, role) for role in step.tell), rules, now, number)
    pause = wait(steps, number)
    return Turn(escalation, notices, replace(escalation, taken=number, due=now + pause * rules.scale) if pause else None)


def left(escalation: Escalation, rules: Rules) -> timedelta:
    """The most that there can be until the next step of an open escalation."""
    steps = rules.policy.steps(escalation.matter.when, escalation.matter.urgency)
    if not steps:
        return timedelta(0)
    pause = wait(steps, escalation.taken) if escalation.taken else steps[0].after
    return (pause or timedelta(0)) * rules.scale


def wait(steps: tuple[Step, ...], taken: int) -> timedelta | None:
    """How long after `taken` steps the next is due. The last is repeated where it says `every`, each time twice as long
    after, a day at most: it never falls silent, and nobody stops reading."""
    if taken < len(steps):
        return steps[taken].after
    every = steps[-1].every
    return min(every * 2 ** min(taken - len(steps), 16), SLOWEST) if every else None
