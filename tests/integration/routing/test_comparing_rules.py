"""What other rules would have made of the referrals in the database."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from shared.testing import builders
from tests.integration.routing.conftest import World
from tests.unit.routing.cases import CONFIG, adult
from tests.unit.routing.rules.books import with_rules


async def test_diff_finds_the_stored_referrals_that_would_have_gone_elsewhere(world: World, tmp_path: Path) -> None:
    events = [
        builders.received(builders.referral_id(n), **adult(trafficking_type=kind)) for n, kind in enumerate(("sex", "labor"))
    ]
    async with world.running():
        await world.intake(*events)
        for event in events:
            await world.until(event.subject, lambda _: True)
    with_rules(tmp_path, without=("labor",))
    told = await diff(world, str(CONFIG), str(tmp_path))
    assert (told["cases"], told["would_differ"]) == (2, 1)
    assert [(one["case"], one["dropped"]) for one in told["different"]] == [(str(events[1].subject), ["coordinator"])]


async def diff(world: World, *folders: str) -> Any:
    """The command as an operator gives it."""
    words = [sys.executable, "-m", "services.routing", "rules", "diff", *folders, "--json"]
    process = await asyncio.create_subprocess_exec(*words, env=world.environment(), stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return json.loads(out)
