"""`python -m services.intake import`: many referrals from a file, by the API that every provider has."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TextIO

import httpx
import yaml
from cyclopts import Parameter
from pydantic import ValidationError
from rich.progress import Progress

from services.intake.provider.client import Fate, NotAllowed, Outcome, ProviderClient
from services.intake.provider.columns import Columns
from services.intake.provider.rows import Row, from_csv, from_ndjson
from shared.command_line import console

AT_ONCE = 32
Mapping = Annotated[Path | None, Parameter(help="for CSV: a YAML file that says which column goes into which field")]
Url = Annotated[str, Parameter(help="where intake is")]
Token = Annotated[Path | None, Parameter(help="file with an access token that has the scope referrals:send")]
Results = Annotated[Path | None, Parameter(help="where what became of each row is written; default: FILE.results.ndjson")]
DryRun = Annotated[bool, Parameter(help="check every row here and send nothing")]


def import_(
    file: Path, /, *, url: Url = "http://127.0.0.1:8000", columns: Mapping = None, token_file: Token = None,
    results: Results = None, dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Send the referrals in FILE: NDJSON with one on each line, or CSV with --columns.

    Writes a line for each row to the results: accepted (with its receipt), refused (with what to mend), or unsent. Run again,
    it passes over what was accepted, and no row is ever taken twice. Exit status 0 where every row is accepted.

    Example: python -m services.intake import cases.csv --columns columns.yaml --dry-run
    """
    written = results or file.with_name(file.name + ".results.ndjson")
    try:
        rows = read(file, columns)
        token = token_file.read_text().strip() if token_file else None
        accepted = _accepted_before(written)
    except (OSError, ValueError, yaml.YAMLError) as error:
        console.print(f"import: {_plainly(error)}", markup=False, highlight=False)
        sys.exit(2)
    if dry_run:
        sys.exit(_check(rows))
    left = [row for row in rows if row.key not in accepted]
    if len(left) < len(rows):
        console.print(f"{len(rows) - len(left)} rows were accepted before", highlight=False)
    with written.open("a", encoding="utf-8") as out:
        written.chmod(0o600)
        sys.exit(asyncio.run(send_rows(left, url, token, out)))


def read(file: Path, columns: Path | None) -> list[Row]:
    """Every row. ValueError where the mapping is wrong or the file is no text."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        if columns is None:
            return list(from_ndjson(lines))
        return list(from_csv(lines, Columns.model_validate(yaml.safe_load(columns.read_text()))))


def _plainly(error: Exception) -> str:
    """Without a value of the files."""
    if isinstance(error, ValidationError):
        return "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors(include_input=False))
    return str(error) if isinstance(error, OSError) else f"the file cannot be read ({type(error).__name__})"


def _accepted_before(results: Path) -> set[str]:
    """The keys of rows that need not be sent again. A line that a crash cut off counts as none."""
    return {line["key"] for line in _lines(results) if line.get("status") == Fate.accepted}


def _lines(results: Path) -> Iterator[dict[str, str]]:
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _check(rows: Iterable[Row]) -> int:
    wrong, total = 0, 0
    for row in rows:
        total += 1
        wrong += row.body is None
        for error in row.errors:
            console.print(f"row {row.number}: {error.field}: {error.fix}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{total} rows, {wrong} to be mended; nothing was sent", highlight=False)
    return 1 if wrong else 0


async def send_rows(rows: list[Row], url: str, token: str | None, out: TextIO) -> int:
    """Sends them, shows how far it is, and writes a line for each. The exit status."""
    counts = dict.fromkeys(Fate, 0)
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        try:
            with Progress(console=console) as progress:
                task = progress.add_task("sending", total=len(rows))
                async for outcome in ProviderClient(http, token).send_all(rows, AT_ONCE):
                    counts[outcome.fate] += 1
                    out.write(json.dumps(as_json(outcome)) + "\n")
                    out.flush()
                    progress.advance(task)
        except NotAllowed:
            console.print("import: intake does not take this token. Is it expired? Has it the scope referrals:send?")
            return 2
    console.print(", ".join(f"{number} {fate}" for fate, number in counts.items()), highlight=False)
    return 0 if counts[Fate.accepted] == len(rows) else 1


def as_json(outcome: Outcome) -> dict[str, object]:
    """A line of the results."""
    row = outcome.row
    told: dict[str, object] = {"row": row.number, "status": outcome.fate, "key": row.key}
    if row.reference:
        told["reference"] = row.reference
    if outcome.errors:
        told["errors"] = [error.model_dump() for error in outcome.errors]
    return told | (outcome.receipt or {})
