"""That the benchmarks run and give figures. How fast anything is, is nothing a test may say."""

from __future__ import annotations

import asyncio
from math import isfinite
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.broker_path import measure
from tests.conftest import CACHE


async def test_the_broker_path_is_measured_on_a_broker_of_its_own_that_is_gone_afterwards(tmp_path: Path) -> None:
    said: list[str] = []
    bench = Bench(tmp_path, CACHE, quick=True, say=said.append)
    figures = {figure.name: figure for figure in await asyncio.to_thread(lambda: list(measure(bench)))}
    assert all(isfinite(figure.value) and figure.value > 0 for figure in figures.values())
    assert figures["ours / bare"].goal is not None
    assert any("round 1 of 1" in line for line in said), "whoever waits sees that something happens"
    assert not (tmp_path / "kafka" / "data").exists()
