"""The commands every service has: `settings`, `parked`, `replay`, `skip`. A service adds its own to the same app."""

import asyncio
import sys
from collections.abc import Callable
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track

from shared.delivery.parking import ParkedEvent
from shared.delivery.replay import Replay
from shared.service import Service

SkipReason = Literal["superseded", "duplicate", "unreadable", "test_data"]
Build = Callable[[], Service]
console = Console()
Key = Annotated[str, Parameter(help="the key that is held back: a referral's id")]
DryRun = Annotated[bool, Parameter(help="say what would be done and change nothing")]


def command_line(name: str, purpose: str, build: Build) -> App:
    """The command line of the service `name`. `build` makes it from the environment."""
    running = f"`python -m services.{name}.serve` runs the service."
    settings_from = "Settings come from environment variables, see `settings`."
    app = App(name=f"python -m services.{name}", help=f"{purpose}\n\n{running} {settings_from}")

    @app.command
    def settings() -> None:
        """List every setting: its environment variable, its default and what it is for."""
        for line in build().settings.describe():
            console.print(line, markup=False, highlight=False)

    @app.command
    def parked() -> None:
        """List what is held back after a failure, and why.

        Example: python -m services.routing parked
        """
        asyncio.run(_list(build()))

    @app.command
    def replay(*, key: Key | None = None, dry_run: DryRun = False) -> None:
        """Apply parked events again, each key's in order, after the cause was mended.

        Example: python -m services.routing replay --dry-run
        """
        sys.exit(asyncio.run(_replay(build(), key, dry_run=dry_run)))

    @app.command
    def skip(key: Key, reader: str, *, reason: SkipReason, dry_run: DryRun = False) -> None:
        """Give up the first parked event of a key, knowingly; what waits behind it can then be replayed.

        Example: python -m services.routing skip 0b7e... routing --reason superseded
        """
        sys.exit(asyncio.run(_skip(build(), key, reader, reason, dry_run=dry_run)))

    return app


def _place(event: ParkedEvent) -> str:
    return f"{event.topic} {event.partition}@{event.offset} ({event.reason.value})"


async def _list(service: Service) -> None:
    for reader in service.readers:
        keys = await reader.parking.all()
        console.print(f"{reader.name}: {len(keys)} keys parked")
        for parked in keys:
            console.print(f"  {parked.key.decode(errors='replace')}: {len(parked.events)} events, {_place(parked.events[0])}")


async def _replay(service: Service, key: str | None, *, dry_run: bool) -> int:
    left = 0
    for reader in service.readers:
        replay = Replay(reader.parking, reader.decode, reader.apply)
        keys = [p.key for p in await reader.parking.all() if key is None or p.key == key.encode()]
        for one in track(keys, f"{reader.name}: replaying", console=console, disable=not console.is_terminal):
            async for outcome in replay.run(one, dry_run=dry_run):
                left += outcome.failed is not None
                verdict = f"still parked: {outcome.failed.value}" if outcome.failed else "would apply" if dry_run else "applied"
                console.print(f"{one.decode(errors='replace')} {_place(outcome.event)}: {verdict}")
    console.print(f"{left} keys could not be replayed" if left else "nothing is left parked" if not dry_run else "dry run done")
    return 1 if left else 0


async def _skip(service: Service, key: str, reader_name: str, reason: str, *, dry_run: bool) -> int:
    for reader in service.readers:
        if reader.name == reader_name:
            skipped = await Replay(reader.parking, reader.decode, reader.apply).skip(key.encode(), reason, dry_run=dry_run)
            if skipped is None:
                console.print(f"{reader_name} holds nothing back for {key}. `parked` lists what is.")
                return 1
            event, behind = skipped
            console.print(
                f"{'would skip' if dry_run else 'skipped'} {_place(event)}; {behind} events wait behind it: replay them"
            )
            return 0
    console.print(f"no reader {reader_name}: choose one of {', '.join(r.name for r in service.readers)}")
    return 2
