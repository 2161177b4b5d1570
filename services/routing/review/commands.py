"""`python -m services.routing rules …`: check the rules, explain a case, cover all cases, compare two sets of rules."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

from cyclopts import App, Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress

from services.routing.review.case_space import CaseSpace
from services.routing.review.comparison import Comparison
from services.routing.review.display import say, show_coverage, show_differences, show_explanation, show_findings
from services.routing.review.explanation import explain
from services.routing.review.findings import findings
from services.routing.review.survey import Survey, survey
from services.routing.rules.book import RuleBook, load_rule_book
from services.routing.settings import RoutingSettings
from services.routing.store import Referrals
from shared import mongo
from shared.clock import now
from shared.config_file import ConfigError
from shared.events.facts import Facts

UNUSABLE = 2
progress_console = Console(stderr=True)
HELP = """Look into the routing rules. CONFIG_DIR names the folder they are in.

Exit status 0: fine; 1: something was found; 2: what was given cannot be used, with every mistake and its line."""
app = App(name="rules", help=HELP)
Most = Annotated[int, Parameter(help="how many of those that differ are shown; all are counted")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="for programs instead of people")]


def _book(folder: Path | None = None, *, as_json: bool = False) -> RuleBook:
    """The rules; ends with the mistakes in them where they cannot be used."""
    settings = RoutingSettings()
    try:
        return load_rule_book(folder or settings.config_dir, settings.clock_scale)
    except ConfigError as error:
        if as_json:
            _print_json({"mistakes": [mistake._asdict() for mistake in error.mistakes]})
        _unusable(str(error))


def _unusable(what: str) -> NoReturn:
    """Ends with 2: the question could not be looked into. 1 is an answer."""
    sys.stderr.write(what + "\n")
    sys.exit(UNUSABLE)


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
    book = _book(as_json=as_json)
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
    why = _book(as_json=as_json).why
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
    explanation = explain(_facts(_text(case), str(case)), _book(as_json=as_json), now())
    if as_json:
        _print_json(explanation.as_json())
    else:
        show_explanation(explanation)


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        _unusable(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'})")


def _facts(text: str, where: str) -> Facts:
    try:
        return Facts.model_validate_json(text)
    except ValidationError as error:
        told = [f"{where}: {'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()]
        _unusable("\n".join(told))


@app.command
def coverage(*, as_json: AsJson = False) -> None:
    """Decide every case that the rules can tell apart, and say who owns how many. Exit status 1 where one has no owner.

    Example: python -m services.routing rules coverage
    """
    book = _book(as_json=as_json)
    found = _surveyed(book)
    if as_json:
        _print_json(found.as_json(book))
    else:
        show_coverage(book, found)
    sys.exit(1 if found.ownerless else 0)


@app.command
def diff(old: Path, new: Path, /, *, cases: Path | None = None, most: Most = 100, as_json: AsJson = False) -> None:
    """Say which past referrals would have gone elsewhere by the rules in folder NEW instead of those in OLD.

    The referrals come from the database (MONGO_URL, MONGO_DATABASE), with their facts as they stand now, or from --cases: a
    file with the facts of one case on each line, as JSON. Exit status 1 where any would have.

    Example: python -m services.routing rules diff config /path/to/copy
    """
    comparison = Comparison(_book(old, as_json=as_json), _book(new, as_json=as_json), most)
    if cases:
        _compare_file(comparison, cases)
    else:
        asyncio.run(_compare_stored(comparison))
    if as_json:
        different = [one.as_json() for one in comparison.first]
        _print_json({"cases": comparison.cases, "would_differ": comparison.different, "different": different})
    else:
        show_differences(comparison)
    sys.exit(1 if comparison.different else 0)


def _compare_file(comparison: Comparison, file: Path) -> None:
    for number, line in enumerate(_text(file).splitlines(), 1):
        if line.strip():
            comparison.add(str(number), _facts(line, f"{file}: line {number}"))


async def _compare_stored(comparison: Comparison) -> None:
    """One referral after the other: a million of them need no more memory than one."""
    settings = RoutingSettings()
    client = mongo.connect(settings.mongo.connection_string())
    referrals = Referrals(mongo.database(client, settings.mongo.database or "routing"))
    try:
        with Progress(console=progress_console, transient=True) as progress:
            task = progress.add_task("comparing", total=await referrals.count())
            async for id_, facts in referrals.all_facts():
                comparison.add(str(id_), facts)
                progress.advance(task)
    except mongo.UNAVAILABLE:
        _unusable("The database does not answer. Is MONGO_URL right? With --cases FILE none is needed.")
    finally:
        client.close()
