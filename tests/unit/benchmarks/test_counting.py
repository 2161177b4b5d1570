"""How the benchmarks count: pure, and without a word about speed."""

from __future__ import annotations

from importlib import import_module

import pytest

from benchmarks.__main__ import LONG, NAMES
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.load import percentile
from benchmarks.pace import Lap, Pace
from benchmarks.report import markdown
from benchmarks.rounds import Race, race


def test_a_lap_counts_whole_rounds_and_leaves_out_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 10.0, 11.0, 12.0])
    monkeypatch.setattr("benchmarks.pace.time.perf_counter", lambda: next(clock))
    pace = Pace()
    for events in (500, 500, 400, 300):
        pace.tick(events)
    lap = pace.lap()
    assert (pace.events, lap.events, lap.seconds) == (1700, 900, 2.0)


def test_too_few_batches_are_refused_instead_of_dividing_by_nothing() -> None:
    pace = Pace()
    pace.tick(500)
    pace.tick(500)
    with pytest.raises(ValueError, match="too few batches"):
        pace.lap()


async def test_a_race_lets_every_contender_run_in_every_round_and_begins_with_another_each_time() -> None:
    order: list[str] = []

    def contender(name: str) -> object:
        async def run(_: int) -> Lap:
            order.append(name)
            return Lap(10, 1.0, 1.0)

        return run

    result = await race({name: contender(name) for name in "ab"}, 3, lambda _: None)  # type: ignore[misc]
    assert "".join(order) == "abbaab"
    assert result.ratio("a", "b") == 1.0


def test_a_ratio_is_the_median_of_the_rounds_so_one_bad_moment_does_not_count() -> None:
    laps = {"ours": [Lap(9, 1, 1), Lap(9, 1, 1), Lap(9, 9, 1)], "bare": [Lap(10, 1, 1)] * 3}
    assert Race(laps).ratio("ours", "bare") == 0.9


def test_a_percentile_is_a_time_that_occurred_and_of_nothing_infinite() -> None:
    assert [percentile([3, 1, 2], share) for share in (0.5, 0.99, 1.0)] == [2, 3, 3]
    assert percentile([], 0.5) == float("inf")


def test_a_figure_says_whether_it_keeps_to_its_goal() -> None:
    verdicts = [Figure("a", 1, "s", goal).verdict for goal in (at_least(1), at_least(2), at_most(1), at_most(0), None)]
    assert verdicts == ["met", "missed", "met", "missed", ""]


def test_the_table_for_the_docs_names_each_measurement_once() -> None:
    lines = markdown({"speed": [Figure("a", 1234.5, "events/s", at_least(1000)), Figure("b", 0.25, "s")]}).splitlines()
    assert lines[2:] == ["| speed | a | 1,234 | events/s | at least 1,000 | met |", "|  | b | 0.25 | s |  |  |"]


@pytest.mark.parametrize("name", [*NAMES, *LONG])
def test_every_measurement_can_be_run_by_its_name(name: str) -> None:
    assert callable(import_module(f"benchmarks.{name}").measure)
