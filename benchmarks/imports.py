"""A file of 10,000 referrals, sent by the command to intake alone; killed half way and run again, each row is there once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from pymongo import MongoClient

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_least
from benchmarks.stack import Stack
from services.intake.example import REFERRAL

PATIENCE = 900.0


def file_of(rows: int, folder: Path) -> Path:
    """Referrals about people who have nothing in common."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cases.ndjson"
    with path.open("w") as out:
        for number in range(rows):
            victim = {"names": [f"Person{number} Example{number}"], "birth_date": "2012-02-29"}
            details = {"narrative": "She may not leave the motel. " * 5, "victim": victim}
            out.write(json.dumps({"facts": REFERRAL["facts"], "details": details, "reference": f"case {number}"}) + "\n")
    path.with_name(path.name + ".results.ndjson").unlink(missing_ok=True)
    return path


def started(path: Path, *more: str) -> subprocess.Popen[bytes]:
    """The command, as a provider runs it."""
    command = [sys.executable, "-m", "services.intake", "import", str(path), *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def accepted(path: Path) -> int:
    """How many different rows the results call accepted."""
    results = path.with_name(path.name + ".results.ndjson")
    lines = results.read_text().splitlines() if results.exists() else []
    return len({line for line in lines if line.endswith("}") and '"accepted"' in line})


def killed_at(path: Path, url: str, rows: int) -> float:
    """Runs it until so many rows are accepted, and kills it there; the seconds from the first row on."""
    process = started(path, "--url", url)
    begun = None
    until = time.monotonic() + PATIENCE
    while (done := accepted(path)) < rows and process.poll() is None and time.monotonic() < until:
        begun = begun or (time.monotonic() if done else None)
        time.sleep(0.1)
    process.kill()
    process.wait()
    return time.monotonic() - (begun or time.monotonic())


def timed(path: Path, *more: str) -> float:
    """Seconds until it has ended by itself. RuntimeError where not every row was taken."""
    begun = time.monotonic()
    if started(path, *more).wait(PATIENCE) != 0:
        raise RuntimeError("not every row was accepted")
    return time.monotonic() - begun


def measure(bench: Bench) -> Iterable[Figure]:
    """Intake alone."""
    rows = bench.choose(10_000, 60)
    path = file_of(rows, bench.folder / "import")
    with Stack(bench, ["intake"]) as stack:
        url = stack.services["intake"].url
        checked = timed(path, "--dry-run")
        bench.say(f"checked in {checked:.1f} s")
        first = killed_at(path, url, rows // 2)
        bench.say(f"killed after {accepted(path)} rows, {first:.1f} s")
        second = timed(path, "--url", url)
        bench.say(f"the rest in {second:.1f} s")
        with MongoClient[dict[str, object]](stack.ground.database.url) as client:
            stored = client["intake"]["referrals"].count_documents({})
    return [
        Figure(
            f"rows of an import of {rows:,}, with details, killed half way and run again", rows / (first + second), "rows/s"
        ),
        Figure("referrals stored for each row afterwards", stored / rows, "", at_least(1)),
        Figure(f"a dry run of the {rows:,} rows", checked, "s"),
    ]
