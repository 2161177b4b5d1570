"""`python -m services.intake retention`: what is due to be destroyed, destroying it, and keeping what the law wants kept."""

import json
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from services.intake.access.store import Standings
from services.intake.attachments.store import AttachmentStore
from services.intake.retention.schedule import load_schedule
from services.intake.retention.store import Certificate, RetentionStore
from services.intake.retention.usecases import Due, HoldReason, Retention
from services.intake.workbench import Workbench, work
from shared.clock import now
from shared.command_line import console

app = App(name="retention", help="How long details are kept, and destroying them for good.")
Referral = Annotated[str, Parameter(help="a referral's id")]
Reason = Annotated[HoldReason, Parameter(help="why its details may not be destroyed")]


@app.command
def plan() -> None:
    """Say whose details are due to be destroyed, and change nothing.

    Example: python -m services.intake retention plan
    """
    work(show_plan)


@app.command
def destroy() -> None:
    """Destroy all details that are due and not held. This cannot be undone: their keys are deleted.

    Prints a certificate for each, as a line of JSON. What an interruption leaves is done by the next run.

    Example: python -m services.intake retention destroy >> certificates.ndjson
    """
    work(destroy_due)


@app.command
def hold(referral: Referral, /, *, reason: Reason) -> None:
    """Keep a referral's details whatever the schedule says, until the hold is lifted.

    Example: python -m services.intake retention hold 0b7e... --reason litigation
    """

    async def do(bench: Workbench) -> int:
        new = await _retention(bench).hold(referral, reason)
        _say(f"{referral} is held" if new else f"{referral} was held already")
        return 0

    work(do)


@app.command
def lift(referral: Referral, /) -> None:
    """Let the schedule hold again for a referral.

    Example: python -m services.intake retention lift 0b7e...
    """

    async def do(bench: Workbench) -> int:
        was = await _retention(bench).lift(referral)
        _say(f"{referral} is no longer held" if was else f"{referral} was not held")
        return 0 if was else 1

    work(do)


@app.command
def certificates(referral: Annotated[str | None, Parameter(help="that of one referral")] = None, /) -> None:
    """Print the certificates of destruction again.

    Example: python -m services.intake retention certificates 0b7e...
    """

    async def do(bench: Workbench) -> int:
        found = [one async for one in RetentionStore(bench.database).certificates(referral)]
        for one in found:
            _say(as_json(one))
        return 0 if found or referral is None else 1

    work(do)


def _retention(bench: Workbench) -> Retention:
    schedule, store = load_schedule(bench.settings.config_dir), RetentionStore(bench.database)
    files = AttachmentStore(bench.database)
    return Retention(Standings(bench.database), schedule, store, bench.vault, files, bench.audit, now)


async def show_plan(bench: Workbench) -> int:
    """Prints what is due. The exit status."""
    due = [one async for one in _retention(bench).due()]
    for one in due:
        _say(_line(one))
    held = sum(one.held is not None for one in due)
    _say(f"{len(due) - held} to be destroyed, {held} held")
    return 0


def _line(due: Due) -> str:
    held = f", held for {due.held}" if due.held else ""
    return f"{due.referral}: ended {due.ended.at:%Y-%m-%d} ({due.ended.reason}), due since {due.at:%Y-%m-%d}{held}"


async def destroy_due(bench: Workbench) -> int:
    """Destroys it, and prints certificates. The exit status."""
    retention = _retention(bench)
    due = [one async for one in retention.due() if one.held is None]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for one in progress.track(due, description="destroying"):
            certificate = await retention.destroy(one)
            if certificate:
                _say(as_json(certificate))
    return 0


def as_json(certificate: Certificate) -> str:
    """A certificate as one line."""
    return json.dumps(
        {
            "certificate": "The key of this referral's details and files was deleted; no copy of them can be read any more.",
            "referral": certificate.referral,
            "ended": {"reason": certificate.reason, "at": certificate.ended_at.isoformat()},
            "due_at": certificate.due_at.isoformat(),
            "destroyed_at": certificate.destroyed_at.isoformat(),
            "fields": certificate.fields,
            "files": certificate.files,
            "audit": {"entry": certificate.entry, "digest": certificate.digest},
        }
    )


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
