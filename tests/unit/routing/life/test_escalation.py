"""Who is told of what was missed: first, next, and again; at a pace that is bounded, and never for the last time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest

from services.routing.life.turn import Decided
from services.routing.rules.book import load_rule_book
from services.routing.turns.expiry import run_out
from shared.config_file import ConfigError
from tests.unit.routing.cases import (
    AT,
    CONFIG,
    Answers,
    accept,
    adult,
    book,
    child,
    complete,
    decline,
    happened,
    progress,
    routed,
)

HOUR = timedelta(hours=1)
CHILDS = ("dcf", "cca", "hartford-pd")


def after(decided: Decided, time: timedelta) -> Decided:
    result = run_out(decided.referral, book(), AT + time)
    assert result is not None
    return result


def told(decided: Decided) -> set[tuple[str, str, str]]:
    return {(e.level.value, e.agency, e.clock.value) for e in happened(decided, "ReferralEscalated")}


def test_a_missed_contact_goes_to_the_advocates_supervisor_then_to_the_coordinator_again_and_again() -> None:
    answers = Answers()
    working = [step for agency in ("cca", "hartford-pd") for step in (accept(agency), progress(agency, "work_started"))]
    missed = after(answers.all(routed(**adult()), *working), 72 * HOUR)
    assert told(missed) == {("supervisor", "cca", "advocate_contact")}
    assert happened(missed, "ClockMissed"), "by notices.yaml the coordinator has a mail of the miss itself at the same time"
    for days in (4, 5, 6):
        missed = after(missed, timedelta(days=days))
        assert told(missed) == {("coordinator", "coordinator", "advocate_contact")}
    done = answers.all(missed, progress("cca", "victim_contacted"), complete("cca"), complete("hartford-pd"))
    assert done.referral.clocks == ()


def test_a_response_that_dcf_has_not_begun_goes_to_dcfs_supervisor_then_to_the_coordinator() -> None:
    done = [progress("cca", "oral_report_made"), progress("cca", "written_report_filed"), progress("cca", "victim_contacted")]
    done += [progress(agency, "work_started") for agency in ("dcf", "hartford-pd")]
    missed = after(Answers().all(routed(**child()), *map(accept, CHILDS), *done), 72 * HOUR)
    assert told(missed) == {("supervisor", "dcf", "dcf_begins")}
    assert told(after(missed, 74 * HOUR)) == {("coordinator", "coordinator", "dcf_begins")}


def test_where_no_agency_has_the_part_the_coordinator_is_told_at_once() -> None:
    missed = after(Answers().all(routed(**child()), accept("dcf"), accept("hartford-pd"), decline("cca")), 24 * HOUR)
    assert {who for who in told(missed) if who[2] == "advocate_contact"} == {("coordinator", "coordinator", "advocate_contact")}


def test_a_mandated_report_goes_to_the_coordinator_at_once() -> None:
    missed = after(Answers().all(routed(**child()), *map(accept, CHILDS)), 12 * HOUR)
    assert told(missed) == {("coordinator", "coordinator", "dcf_oral_report")}


def test_a_missed_clock_is_told_at_its_pace_so_many_times_then_less_often_and_never_falls_silent() -> None:
    everybody = (*CHILDS, "coordinator")
    done = [progress("dcf", "response_begun"), progress("cca", "victim_contacted"), *map(complete, everybody)]
    decided = Answers().all(routed(**child(immediate_danger=True)), *map(accept, everybody), *done)
    moments: list[datetime] = []
    while len(moments) < 12:
        due = decided.referral.next_due
        assert due is not None
        decided = after(decided, due - AT)
        assert told(decided) == {("coordinator", "coordinator", "dcf_oral_report")}
        moments.append(due)
    assert [later - earlier for earlier, later in pairwise(moments)] == [timedelta(minutes=15)] * 8 + [24 * HOUR] * 3


@pytest.mark.parametrize(
    ("before", "now", "complaint"),
    [
        ("advocate_contact: [supervisor, coordinator]", "advocate_contact: [supervisor]", "coordinator"),
        ("advocate_contact: [supervisor, coordinator]", "advocate_contact: []", "advocate_contact"),
        ("repeats: 8", "repeats: 0", "greater than or equal to 1"),
    ],
)
def test_a_chain_that_does_not_end_with_the_coordinator_is_refused(
    tmp_path: Path, before: str, now: str, complaint: str
) -> None:
    config = copytree(CONFIG, tmp_path / "config")
    file = config / "clocks.yaml"
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, now, 1))
    with pytest.raises(ConfigError, match=complaint):
        load_rule_book(config)
