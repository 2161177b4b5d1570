"""The short chaos run, in every `make test`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tests.chaos.faults import INSTANCES
from tests.chaos.history import History
from tests.chaos.run import keep, run
from tests.conftest import CACHE
from tests.system import System

SECONDS = 18
CLOCK_SCALE = "0.004"
"""Critical offers expire after 3.6 s, those of high urgency after 29 s."""


async def test_nothing_is_lost_doubled_or_reordered_while_everything_is_killed_at_random(tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED", secrets.randbelow(10**6)))
    said: list[str] = [f"seed {seed}"]
    history = History()
    with System(tmp_path, CACHE, instances=INSTANCES, CLOCK_SCALE=CLOCK_SCALE) as world:
        verdict = await run(world, history, seed=seed, seconds=SECONDS, every=0.2, patience=60, say=said.append)
    story = "\n".join([*said, str(verdict.happened), *verdict.wrong[:20], f"history: {keep(history, tmp_path)}"])
    assert not verdict.wrong, story
    assert not verdict.empty, story
