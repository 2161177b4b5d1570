"""Following a referral: each event once, in order, and the urgency remembered for events that carry none."""

from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.directory.directory import load_directory
from services.notifications.notices.notice import Notice
from services.notifications.plan.policy import load_policy
from services.notifications.plan.rules import Rules
from services.notifications.plan.standing import Standing, follow
from shared.agencies import load_agencies
from shared.clock import now
from shared.delivery.errors import Gap
from shared.events.routing import ActivityEvent
from shared.vocabulary import ClockKind, Urgency
from tests.activity import Life

CONFIG = Path("config")
RULES = Rules(load_policy(CONFIG), load_directory(CONFIG, load_agencies(CONFIG)))


def followed(
    events: list[ActivityEvent], standings: dict[UUID, Standing] | None = None, *, accept_gap: bool = False
) -> tuple[list[Notice], dict[UUID, Standing]]:
    found = follow(events, standings or {}, RULES, now(), accept_gap=accept_gap)
    return found.notices, found.standings


def test_an_event_without_urgency_takes_the_referrals() -> None:
    life = Life(urgency=Urgency.routine)
    notices, _ = followed([life.routed(), life.declined("hartford-pd")])
    assert [notice.urgency for notice in notices] == [Urgency.routine]


def test_the_urgency_is_remembered_between_batches() -> None:
    life = Life(urgency=Urgency.routine)
    _, standings = followed([life.routed()])
    notices, _ = followed([life.missed(ClockKind.unassigned)], standings)
    assert [notice.urgency for notice in notices] == [Urgency.routine]


@pytest.mark.parametrize("urgency", [None, Urgency.unrecognized])
def test_an_urgency_not_known_counts_as_critical(urgency: Urgency | None) -> None:
    life = Life()
    notices, _ = followed([life.missed(ClockKind.unassigned)], {life.referral: Standing(0, urgency)})
    assert [notice.urgency for notice in notices] == [Urgency.critical]


def test_an_event_already_applied_tells_nobody_again() -> None:
    life = Life()
    events: list[ActivityEvent] = [life.routed(), life.offered("dcf")]
    _, standings = followed(events)
    assert followed(events, standings) == ([], {})


def test_a_missing_event_is_a_gap_unless_an_operator_accepts_it() -> None:
    life = Life()
    life.routed()
    offered = life.offered("dcf")
    with pytest.raises(Gap):
        followed([offered])
    assert followed([offered], accept_gap=True)[1][life.referral].applied == 2


@given(cuts=st.lists(st.integers(0, 8), max_size=4), repeats=st.integers(0, 8))
def test_however_events_are_cut_into_batches_and_repeated_the_notices_are_the_same(cuts: list[int], repeats: int) -> None:
    life = Life()
    agencies = ("dcf", "cca", "hartford-pd", "windsor-pd")
    events: list[ActivityEvent] = [life.offered(agency) for agency in agencies]
    events += [life.declined(agency) for agency in agencies]
    whole, end = followed(events)
    bounds = sorted({0, len(events), *cuts})
    seen: list[Notice] = []
    standings: dict[UUID, Standing] = {}
    for start, stop in pairwise(bounds):
        new, moved = followed(events[max(0, start - repeats) : stop], standings)
        seen += new
        standings |= moved
    assert seen == whole
    assert standings == end
