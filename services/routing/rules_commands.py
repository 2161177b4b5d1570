"""`python -m services.routing rules …`: check the rules, explain a case, cover all cases, compare two sets of rules."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress

from services.routing.case_space import CaseSpace
from services.routing.comparison import compare
from services.routing.config_file import ConfigError
from services.routing.explanation import explain
from services.routing.findings import findings
from services.routing.rule_book import RuleBook, load_rule_book
from services.routing.rules_display import say, show_coverage, show_differences, show_explanation, show_findings
from services.routing.settings import RoutingSettings
from services.routing.store import Referrals
from services.routing.survey import Survey, survey
from shared import mongo
from shared.clock import now
from shared.events.facts import Facts

progress_console = Console(stderr=True)
app = App(name="rules", help="Look into the routing rules. CONFIG_DIR names the folder they are in.")
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="for programs instead of people")]


def _book(folder: Path | None = None) -> RuleBook:
    """The rules; ends with the mistakes in them where they cannot be used."""
    settings = RoutingSettings()
    try:
        return load_rule_book(folder or settings.config_dir, settings.clock_scale)
    except ConfigError as error:
        sys.exit(str(error))


def _watched(cases: Iterable[Any], total: int, what: str) -> Iterator[Any]:
    """Shows on standard error how far it is."""
    with Progress(console=progress_console, transient=True) as progress:
        yield from progress.track(cases, total=total, description=what)


def _surveyed(book: RuleBook) -> Survey:
    space = CaseSpace(book.rules, book.agencies)
    return survey(_watched(space, len(space), "looking at every case"), book)


def _print_json(content: Any) -> None:
    sys.stdout.write(json.dumps(content, indent=2) + "\n")


@app.command
def check(*, as_json: AsJson = False) -> None:
    """Say what is wrong: mistakes in the files, rules that never hold or contradict others, gaps, agencies without staff.

    Exit status 1 where there is a mistake. A gap is none: there the coordinator is asked.

    Example: CONFIG_DIR=/path/to/copy python -m services.routing rules check
    """
    book = _book()
    found = findings(book, _surveyed(book))
    if as_json:
        _print_json([{"fault": one.fault.value, "about": one.about, "what": one.what} for one in found])
    else:
        show_findings(book, found)
    sys.exit(1 if any(one.is_mistake for one in found) else 0)


@app.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """List every reason a decision can give, in words.

    Example: python -m services.routing rules list
    """
    why = _book().why
    if as_json:
        _print_json(dict(why))
    else:
        for reason, sentence in why.items():
            say(f"{reason}: {sentence}")


@app.command(name="explain")
def explain_(case: Annotated[Path, Parameter(allow_leading_hyphen=True)], /, *, as_json: AsJson = False) -> None:
    """Say what would become of a referral with these facts: which rules hold, who is asked, by when, who is not and why.

    CASE is a file with the coded facts as JSON, as in `facts` of the intake API; - is standard input.

    Example: echo '{"minor": "yes", "reporter": "school", "channel": "web"}' | python -m services.routing rules explain -
    """
    explanation = explain(_facts(_text(case), str(case)), _book(), now())
    if as_json:
        _print_json(explanation.as_json())
    else:
        show_explanation(explanation)


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'})")


def _facts(text: str, where: str) -> Facts:
    try:
        return Facts.model_validate_json(text)
    except ValidationError as error:
        told = [f"{where}: {'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()]
        sys.exit("\n".join(told))


@app.command
def coverage(*, as_json: AsJson = False) -> None:
    """Decide every case that the rules can tell apart, and say who owns how many. Exit status 1 where one has no owner.

    Example: python -m services.routing rules coverage
    """
    book = _book()
    found = _surveyed(book)
    if as_json:
        _print_json(found.as_json(book))
    else:
        show_coverage(book, found)
    sys.exit(1 if found.ownerless else 0)


@dataclass(frozen=True)
class _Cases:
    total: int
    cases: Iterable[tuple[str, Facts]]


@app.command
def diff(old: Path, new: Path, /, *, cases: Path | None = None, as_json: AsJson = False) -> None:
    """Say which past referrals would have gone elsewhere by the rules in folder NEW instead of those in OLD.

    The referrals come from the database (MONGO_URL, MONGO_DATABASE), or from --cases: a file with the facts of one case on
    each line, as JSON. Exit status 1 where any would have.

    Example: python -m services.routing rules diff config /path/to/copy
    """
    before, after = _book(old), _book(new)
    source = _from_file(cases) if cases else asyncio.run(_from_database())
    compared = _watched(compare(source.cases, before, after), source.total, "comparing")
    found = [difference for _, difference in compared if difference]
    if as_json:
        _print_json({"cases": source.total, "different": [one.as_json() for one in found]})
    else:
        show_differences(found, source.total)
    sys.exit(1 if found else 0)


def _from_file(file: Path) -> _Cases:
    lines = [line for line in _text(file).splitlines() if line.strip()]
    return _Cases(len(lines), ((str(n), _facts(line, f"{file}: line {n}")) for n, line in enumerate(lines, 1)))


async def _from_database() -> _Cases:
    settings = RoutingSettings()
    client = mongo.connect(settings.mongo.connection_string())
    try:
        database = mongo.database(client, settings.mongo.database or "routing")
        found = [(str(id_), facts) async for id_, facts in Referrals(database).all_facts()]
    except mongo.UNAVAILABLE:
        sys.exit("The database does not answer. Is MONGO_URL right? With --cases FILE none is needed.")
    finally:
        client.close()
    return _Cases(len(found), found)
