"""The life of an assignment and of a referral: two tables, and nothing moves that is not in them.

docs/life-of-a-referral.md shows them as diagrams made from this module; a test compares the two.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from services.routing.life.referral import OPEN, Assignment
from shared.vocabulary import AssignmentStatus as A
from shared.vocabulary import ReferralStatus as R
from shared.vocabulary import Rejection


class Step(StrEnum):
    """What can happen to an assignment."""

    accept = "accept"
    decline = "decline"
    expire = "expire"
    reroute = "reroute"
    progress = "progress"
    report = "report"
    """The oral or the written report to DCF was made: may be told after the agency's own part is done."""
    complete = "complete"
    revoke = "revoke"
    record = "record"
    """An outcome, which may come months later."""
    offer_again = "offer_again"
    ask_again = "ask_again"
    """By a person, who may ask an agency that had declined or not answered. The rules never do."""


class Passage(StrEnum):
    """What can happen to a referral."""

    route = "route"
    begin = "begin"
    close = "close"
    reopen = "reopen"
    withdraw = "withdraw"
    screen_out = "screen_out"


ASSIGNMENT: Mapping[A, Mapping[Step, A]] = {
    A.offered: {Step.accept: A.accepted, Step.decline: A.declined, Step.expire: A.expired, Step.revoke: A.revoked},
    A.declined: {Step.reroute: A.rerouted},
    A.expired: {Step.reroute: A.rerouted},
    A.accepted: {
        Step.progress: A.in_progress,
        Step.report: A.in_progress,
        Step.record: A.accepted,
        Step.complete: A.completed,
        Step.revoke: A.revoked,
    },
    A.in_progress: {
        Step.progress: A.in_progress,
        Step.report: A.in_progress,
        Step.record: A.in_progress,
        Step.complete: A.completed,
        Step.revoke: A.revoked,
    },
    A.completed: {
        Step.report: A.completed,
        Step.record: A.completed,
        Step.offer_again: A.offered,
        Step.ask_again: A.offered,
    },
    A.revoked: {Step.offer_again: A.offered, Step.ask_again: A.offered},
    A.rerouted: {Step.ask_again: A.offered},
}

REFERRAL: Mapping[R, Mapping[Passage, R]] = {
    R.received: {Passage.route: R.routed},
    R.routed: {
        Passage.begin: R.in_progress,
        Passage.close: R.closed,
        Passage.withdraw: R.withdrawn,
        Passage.screen_out: R.screened_out,
    },
    R.in_progress: {Passage.close: R.closed, Passage.withdraw: R.withdrawn, Passage.screen_out: R.screened_out},
    R.closed: {Passage.reopen: R.reopened},
    R.reopened: {
        Passage.begin: R.in_progress,
        Passage.close: R.closed,
        Passage.withdraw: R.withdrawn,
        Passage.screen_out: R.screened_out,
    },
    R.withdrawn: {Passage.reopen: R.reopened},
    R.screened_out: {Passage.reopen: R.reopened},
}


_WORKING = frozenset({A.accepted, A.in_progress})


def after(status: A, step: Step) -> A | None:
    """The status after the step; None where the step is not allowed in this status."""
    return ASSIGNMENT[status].get(step)


def refusal(status: A) -> Rejection:
    """Why an agency's step is refused: its part is over, or it is not the time for this step."""
    return Rejection.not_allowed_now if status in OPEN else Rejection.not_open


def aggregate(status: R, assignments: Iterable[Assignment]) -> R:
    """The status of a referral, which is in progress from the moment on when an agency has taken its part."""
    if any(assignment.status in _WORKING for assignment in assignments):
        return REFERRAL[status].get(Passage.begin, status)
    return status
