"""The whole system, each service once, shared by the end-to-end tests. The demo's clocks: 200 times as fast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import CACHE
from tests.system import System

CLOCK_SCALE = "0.005"


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Kafka, MongoDB, mail and four processes; logs at their most talkative."""
    with System(
        tmp_path_factory.mktemp("system"), CACHE, CLOCK_SCALE=CLOCK_SCALE, SANDBOX_EVERY="1", LOG_LEVEL="debug"
    ) as running:
        yield running
