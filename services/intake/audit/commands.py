"""`python -m services.intake audit`: what was done with people's details, and whether the record of it is whole."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import App, Parameter

from services.intake.audit.deed import Deed, Kind
from services.intake.audit.store import Filter
from services.intake.workbench import work
from shared.chain import Entry
from shared.chain_command import check

app = App(name="audit", help="The record of everything that was done with people's details.")
Subject = Annotated[str | None, Parameter(help="only what this person did: the issuer's id")]
Referral = Annotated[str | None, Parameter(help="only what was done with this referral")]
OfKind = Annotated[Kind | None, Parameter(help="only deeds of this kind")]
Since = Annotated[datetime | None, Parameter(help="only from then on, as 2026-11-25 or 2026-11-25T13:00:00; UTC")]
Until = Annotated[datetime | None, Parameter(help="only before then")]
Head = Annotated[str | None, Parameter(help="NUMBER:DIGEST as an earlier verify printed it: that entry has to be there still")]


@app.command
def verify(*, head: Head = None) -> None:
    """Check the whole chain. Exit status 1 where an entry was changed, moved, put in or taken out.

    Prints the newest entry as NUMBER:DIGEST. Keep it outside the database: given as --head, it shows a cut-off end too.

    Example: python -m services.intake audit verify --head 812:5f1d...
    """
    work(lambda bench: check(bench.audit.find(Filter()), bench.audit.digest, head))


@app.command(name="list")
def list_(
    *, subject: Subject = None, referral: Referral = None, kind: OfKind = None, since: Since = None, until: Until = None
) -> None:
    """List entries for people, oldest first.

    Example: python -m services.intake audit list --referral 0b7e... --since 2026-11-01
    """
    wanted = Filter(subject, referral, kind, _utc(since), _utc(until))
    work(lambda bench: show(bench.audit.find(wanted), line))


@app.command
def export(
    *, subject: Subject = None, referral: Referral = None, kind: OfKind = None, since: Since = None, until: Until = None
) -> None:
    """Write entries to standard output for programs: one JSON document on each line, with number and digest.

    Example: python -m services.intake audit export > audit.ndjson
    """
    wanted = Filter(subject, referral, kind, _utc(since), _utc(until))
    work(lambda bench: show(bench.audit.find(wanted), lambda entry: json.dumps(plain(entry))))


def plain(entry: Entry[Deed]) -> dict[str, Any]:
    """An entry as JSON has it."""
    deed = entry.deed
    return {
        "number": entry.number,
        "at": deed.at.isoformat(timespec="milliseconds"),
        "kind": deed.kind,
        "referral": deed.referral,
        "subject": deed.subject,
        "role": deed.role,
        "agency": deed.agency,
        "purpose": deed.purpose,
        "fields": list(deed.fields),
        "digest": entry.digest.hex(),
    }


def line(entry: Entry[Deed]) -> str:
    """An entry for people."""
    deed = entry.deed
    who = f"{deed.subject} ({deed.role}, {deed.agency})"
    fields = f": {', '.join(deed.fields)}" if deed.fields else ""
    return f"{entry.number} {deed.at:%Y-%m-%d %H:%M:%S} {deed.kind} {deed.referral} by {who} for {deed.purpose}{fields}"


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


async def show(entries: AsyncIterator[Entry[Deed]], shown: Callable[[Entry[Deed]], str]) -> int:
    """Prints each entry. The exit status."""
    async for entry in entries:
        sys.stdout.write(shown(entry) + "\n")
    return 0
