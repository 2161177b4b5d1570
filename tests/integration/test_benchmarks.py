"""That the benchmarks run and give figures. How fast anything is, is nothing a test may say."""

from __future__ import annotations

import asyncio
from math import isfinite
from pathlib import Path

from benchmarks import broker_path, closed_bus
from benchmarks.bench import Bench, Measurement
from benchmarks.figure import Figure
from tests.conftest import CACHE


async def measured(measure: Measurement, folder: Path) -> dict[str, Figure]:
    """By name, all of them numbers; whoever waits sees that something happens."""
    said: list[str] = []
    bench = Bench(folder, CACHE, quick=True, say=said.append)
    figures = {figure.name: figure for figure in await asyncio.to_thread(lambda: list(measure(bench)))}
    assert all(isfinite(figure.value) and figure.value > 0 for figure in figures.values())
    assert any("round 1 of 1" in line for line in said)
    return figures


async def test_what_passwords_and_tls_cost_is_measured_against_a_listener_that_asks_nothing(tmp_path: Path) -> None:
    figures = await measured(closed_bus.measure, tmp_path)
    for what in ("write", "read"):
        assert {f"{what}, SCRAM / open", f"{what}, SCRAM+TLS / open"} <= figures.keys()
    for what in ("there and back", "connect"):
        assert {f"{what}, {way}, p99" for way in ("open", "SCRAM", "SCRAM+TLS")} <= figures.keys()


async def test_the_broker_path_is_measured_on_a_broker_of_its_own_that_is_gone_afterwards(tmp_path: Path) -> None:
    figures = await measured(broker_path.measure, tmp_path)
    assert figures["ours / bare"].goal is not None
    assert not (tmp_path / "kafka" / "data").exists()
