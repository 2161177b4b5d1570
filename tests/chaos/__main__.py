"""`python -m tests.chaos --seconds 1200 --seed 7`: the long run. Exit status 1 where anything was lost, doubled or empty."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import secrets
import sys
import time
from pathlib import Path

from tests.chaos.faults import INSTANCES
from tests.chaos.history import History
from tests.chaos.run import keep, run
from tests.system import System


def main() -> int:
    """Runs it and prints the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("CHAOS_SECONDS", "1200")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CHAOS_SEED", secrets.randbelow(10**6))))
    parser.add_argument("--every", type=float, default=0.1, help="seconds between posts")
    parser.add_argument("--clock-scale", default="0.02", help="how much of their real length clocks run")
    options = parser.parse_args()
    local = Path(os.environ.get("LOCAL_DIR", ".local")).absolute()
    folder = local / "chaos" / f"{options.seed}-{int(time.time())}"
    begun = time.monotonic()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # our own clients lose the broker too, and say so at each try

    def say(text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begun:7.1f}s {text}\n")
        sys.stdout.flush()

    say(f"seed {options.seed}, {options.seconds:.0f} s of faults, everything under {folder}")
    history = History()
    with System(folder, local / "cache", instances=INSTANCES, CLOCK_SCALE=options.clock_scale) as world:
        say("everything runs, each service twice")
        verdict = asyncio.run(
            run(world, history, seed=options.seed, seconds=options.seconds, every=options.every, patience=180, say=say)
        )
    say(json.dumps(verdict.happened))
    for wrong in verdict.wrong[:50]:
        say(f"WRONG {wrong}")
    if verdict.wrong:
        say(f"the history is in {keep(history, folder)}")
    if verdict.empty:
        say("EMPTY: no fault or no referral happened, so this run proves nothing")
    say("nothing lost, nothing doubled, order kept" if not verdict.wrong and not verdict.empty else "FAILED")
    return 1 if verdict.wrong or verdict.empty else 0


if __name__ == "__main__":
    sys.exit(main())
