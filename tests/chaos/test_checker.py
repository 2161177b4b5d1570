"""The judge is judged: it finds each kind of wrong in a history made for it, and nothing in a good one."""

from __future__ import annotations

import dataclasses

import pytest

from tests.chaos.checker import violations
from tests.chaos.history import Answer, History, Post, Seen


def seen(topic: str, kind: str, sequence: int, **more: object) -> Seen:
    base = Seen(topic, f"{topic[:8]}{sequence}", kind, "r1", sequence, None, None, None, sequence)
    return dataclasses.replace(base, **more)  # type: ignore[arg-type]


def good() -> History:
    activity = "referrals.activity"
    return History(
        posts=[
            Post("k0", "refused", None, ()),
            Post("k1", "unknown", None, ("cca",)),
            Post("k1", "acknowledged", "r1", ("cca",), ("dcf",)),
        ],
        answers=[Answer("a1", "cca", "r1", "accepted", "acknowledged")],
        seen=[
            seen("referrals.intake", "referral.received", 1),
            seen(activity, "referral.routed", 1),
            seen(activity, "assignment.offered", 2, agency="cca", id="o1"),
            seen(activity, "referral.routed", 1),
            seen(activity, "assignment.accepted", 3, agency="cca", cause="a1", begun=(("begin_work", "cca", 2000.0),)),
            seen("agencies.cca.inbox", "assignment.offered", 2, agency="cca", id="o1"),
            seen("notifications.delivered", "notification.delivered", 1, about="o1", cause="n1"),
        ],
        mails=["<n1@taskforce.example>", "<n1@taskforce.example>"],
        report={"received": 1, "accepted": 1},
        looked_at=1000.0,
    )


def test_a_good_history_has_no_violation() -> None:
    assert violations(good()) == []


def without(index: int) -> History:
    history = good()
    del history.seen[index]
    return history


def with_(*more: Seen) -> History:
    history = good()
    history.seen += more
    return history


def clock(kind: str, sequence: int) -> Seen:
    """Of an answer that was due 100 s before the history was looked at."""
    return seen("referrals.activity", kind, sequence, clock="answer", agency="dcf", due=900.0)


def began(kind: str, sequence: int) -> Seen:
    """The same clock, which begins with the event."""
    return seen("referrals.activity", kind, sequence, begun=(("answer", "dcf", 900.0),))


def nothing_owed() -> History:
    """As a good one, but that nothing waits for the work of the agency that accepted."""
    history = good()
    history.seen = [dataclasses.replace(one, begun=()) for one in history.seen]
    return history


def unowned() -> list[Seen]:
    """The only owner has ended its part, at 100 s."""
    return [seen("referrals.activity", "assignment.revoked", 4, agency="cca", at=100.0)]


def changed(**more: object) -> History:
    return dataclasses.replace(good(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "history"),
    [
        ("lost_posts", without(0)),
        ("doubled_posts", changed(posts=[*good().posts, Post("k1", "acknowledged", "r2", ())])),
        ("phantom_referrals", with_(seen("referrals.intake", "referral.received", 1, referral="r9"))),
        ("changed_events", with_(seen("referrals.activity", "assignment.declined", 3, id="other"))),
        ("changed_events", with_(seen("referrals.activity", "assignment.accepted", 3, body=99))),
        ("broken_order", with_(seen("referrals.activity", "assignment.completed", 6))),
        ("broken_order", without(1 + 1)),
        ("offers: missing", without(5)),
        ("offers: cca was offered r1 by 2", with_(seen("agencies.cca.inbox", "assignment.offered", 9, id="o2"))),
        ("offers: dcf was offered", with_(seen("agencies.dcf.inbox", "assignment.offered", 2, id="o1"))),
        ("answers: missing", without(4)),
        ("answers: accepted a1", with_(seen("referrals.activity", "assignment.accepted", 4, cause="a1", id="twice"))),
        ("mails: missing", without(6)),
        ("mails: message n1", changed(mails=[])),
        ("report", changed(report={"received": 2, "accepted": 1})),
        ("dead", changed(dead=["gap"])),
        ("parts: cca took r1", nothing_owed()),
        ("clocks: missing", with_(began("referral.routed", 4))),
        (
            "clocks: answer of r1 ran out 2",
            with_(began("clock.started", 4), clock("clock.missed", 5), clock("clock.missed", 6)),
        ),
        ("endings: assignment.expired of cca", with_(seen("referrals.activity", "assignment.expired", 4, agency="cca"))),
        ("owners: r1 had no owner for 70 s", with_(*unowned(), seen("referrals.activity", "assignment.offered", 5, at=170.0))),
        ("owners: r1 has had no owner for 900 s", with_(*unowned())),
        ("exclusions: dcf was told", with_(seen("agencies.dcf.inbox", "assignment.updated", 4, agency="dcf"))),
    ],
)
def test_each_kind_of_wrong_is_found(rule: str, history: History) -> None:
    assert any(found.startswith(rule) for found in violations(history)), violations(history)
