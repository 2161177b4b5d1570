"""`python -m shared.contracts check` compares the contracts with what is checked in; `write` brings the files up to date."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from shared.contracts import files

app = App(name="python -m shared.contracts", help="Schemas, examples and AsyncAPI documents of every event.")
Root = Annotated[Path, Parameter(help="the folder of the project")]
Unreleased = Annotated[bool, Parameter(help="the events that break were in no release yet: nobody holds records of them")]


@app.command
def check(*, root: Root = Path()) -> int:
    """Exit status 1 where the checked-in files do not fit the code; says whether a new version is needed."""
    return _report(files.broken(root), files.outdated(root))


@app.command
def write(*, root: Root = Path(), unreleased: Unreleased = False) -> int:
    """Write the files anew. Refuses a change that breaks a reader."""
    broken = [] if unreleased else files.broken(root)
    if broken:
        return _report(broken, [])
    for path in files.write(root):
        sys.stdout.write(f"{path}\n")
    return 0


def _report(broken: list[str], outdated: list[Path]) -> int:
    for what in broken:
        sys.stdout.write(f"BREAKS {what}\n")
    if broken:
        sys.stdout.write("New version needed: leave the event as it is and add one with the next version in its type.\n")
        return 1
    for path in outdated:
        sys.stdout.write(f"differs: {path}\n")
    if outdated:
        sys.stdout.write("The change is additive: run `python -m shared.contracts write` and look at the difference.\n")
        return 1
    sys.stdout.write("contracts: all files fit the code\n")
    return 0


if __name__ == "__main__":
    sys.exit(app())
