"""`python -m deploy.demo`: the main job on the embedded stack, live. Exit status 0 where all happened that should have."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from rich.console import Console
from rich.live import Live

from deploy.demo.performance import ClocksTooSlow, Performance
from deploy.demo.report import figures, received
from deploy.demo.screen import picture
from deploy.demo.story import Story
from deploy.embedded.access import Access
from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.ports import HOST
from deploy.embedded.settings import from_environment
from deploy.embedded.state import StateFolder
from deploy.embedded.status import look
from shared.agencies import load_agencies
from shared.principal import Role

WITHIN = 90.0
console = Console(width=None if sys.stdout.isatty() else 130)


def main() -> int:
    """Runs the caseload against the running stack and prints the story, the figures and the addresses."""
    settings = from_environment(os.environ)
    folder = StateFolder(settings.run)
    addresses, ports = look(folder).as_json()["addresses"], folder.remembered_ports()
    if "intake" not in addresses:
        console.print("The stack is not running. Start it with: make demo")
        return 2
    kafka = Access(addresses["kafka"], f"{HOST}:{ports['KAFKA_OUTSIDE_PORT']}", settings.secrets)
    try:
        token = DevelopmentKey(settings.issuer_key).token(addresses["issuer"], Role.analyst)
        left = asyncio.run(_perform(addresses, kafka, load_agencies(settings.config).ids, token))
    except ClocksTooSlow:
        console.print("The stack that is running has clocks of real length. Run `make down`, then `make demo`.")
        return 2
    console.print("\nStill running. " + "  ".join(f"{name}: {address}" for name, address in sorted(addresses.items())))
    console.print(f"Mails are in {settings.local / 'mail'}. Stop it all with: make down")
    for what in left:
        console.print(f"[red]did not happen:[/] {what}")
    console.print("[bold red]Not everything happened that should have.[/]" if left else "[bold green]All of it happened.[/]")
    return 1 if left else 0


async def _perform(addresses: dict[str, str], kafka: Access, agencies: tuple[str, ...], token: str) -> list[str]:
    with Live(console=console, refresh_per_second=5, vertical_overflow="visible") as live:

        def show(story: Story, left: int) -> None:
            if console.is_terminal or not left:
                live.update(picture(story, left))

        performance = Performance(addresses, kafka, agencies, show)
        before = await performance.report(token)
        left = await performance.run(pause=0.25, within=WITHIN)
    after = await performance.report(token)
    console.print(figures(after))
    return left + _uncounted(before, after, len(performance.story.cases))


def _uncounted(before: dict[str, Any], after: dict[str, Any], cases: int) -> list[str]:
    counted = received(after) - received(before)
    return [] if counted == cases else [f"the report counts {counted} new referrals, {cases} were told"]


if __name__ == "__main__":
    sys.exit(main())
