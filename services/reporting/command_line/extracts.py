"""`python -m services.reporting extracts`: who took what, and whether the record of it is whole."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from cyclopts import App, Parameter
from pymongo.errors import PyMongoError

from services.reporting.app import build_app
from services.reporting.extract.deed import Deed
from services.reporting.extract.ledger import Ledger
from services.reporting.extract.mapping import Fields
from services.reporting.extract.mapping_file import load_fields
from services.reporting.extract.pseudonym import read_seal
from services.reporting.settings import ReportingSettings
from shared.chain import Entry
from shared.chain_command import check
from shared.command_line import console

Head = Annotated[str | None, Parameter(help="NUMBER:DIGEST as an earlier verify printed it: that entry has to be there still")]
app = App(name="extracts", help="Extracts for partners: what they hold, and who took which.")


@app.command(name="list")
def list_() -> None:
    """Write every entry to standard output, the oldest first, one JSON document on each line."""
    sys.exit(asyncio.run(_with_ledger(ReportingSettings(), show)))


@app.command
def verify(*, head: Head = None) -> None:
    """Check the whole ledger. Exit status 1 where an entry was changed, moved, put in or taken out.

    Prints the newest entry as NUMBER:DIGEST. Keep it outside the database: given as --head, it shows a cut-off end too.
    """
    sys.exit(asyncio.run(_with_ledger(ReportingSettings(), lambda ledger: check(ledger.all(), ledger.digest, head))))


@app.command
def fields() -> None:
    """Print the fields of an extract as a Markdown table: the one in docs/extracts.md."""
    console.print(fields_table(load_fields(ReportingSettings().config_dir)), markup=False, highlight=False, soft_wrap=True)


async def _with_ledger(settings: ReportingSettings, work: Callable[[Ledger], Awaitable[int]]) -> int:
    if settings.extract_secret_file is None:
        console.print("extracts: EXTRACT_SECRET_FILE is missing.", highlight=False)
        return 1
    service = build_app(settings)
    try:
        return await work(Ledger(service.database, read_seal(settings.extract_secret_file).ledger))
    except PyMongoError as error:
        console.print(f"extracts: MongoDB does not answer ({type(error).__name__}).", highlight=False)
        return 1
    finally:
        service.client.close()


async def show(ledger: Ledger) -> int:
    """Prints each entry. The exit status."""
    async for entry in ledger.all():
        sys.stdout.write(json.dumps(plain(entry)) + "\n")
    return 0


def plain(entry: Entry[Deed]) -> dict[str, Any]:
    """An entry as JSON has it."""
    deed = entry.deed
    about = {
        "number": entry.number,
        "at": deed.at.isoformat(timespec="milliseconds"),
        "kind": deed.kind,
        "subject": deed.subject,
    }
    return about | dict(deed.told) | {"digest": entry.digest.hex()}


def fields_table(known: Fields) -> str:
    """Every field: what it says, what of ours it is made from, whether it is made coarser."""
    head = ["| field | says | from | several | made coarser |", "| --- | --- | --- | --- | --- |"]
    marks = {True: "yes", False: ""}
    return "\n".join(
        head
        + [
            f"| `{one.name}` | {one.says} | `{one.source}` | {marks[one.several]} | {marks[one.ladder is not None]} |"
            for one in known.all
        ]
    )
