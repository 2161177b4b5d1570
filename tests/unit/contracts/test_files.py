"""The contracts that are checked in fit the code, and what was ever written can still be read."""

import json
import shutil
from pathlib import Path
from typing import Any, Union

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from shared.contracts import files
from shared.contracts.__main__ import app
from shared.contracts.channels import AGENCY, KINDS, writer_of
from shared.contracts.examples import example
from shared.contracts.schema import wire_schema
from shared.events.codec import Codec, encode
from shared.events.facts import Frozen
from shared.events.intake import ReferralWithdrawn
from shared.testing.builders import withdrawn
from shared.testing.strategies import events
from shared.vocabulary import WithdrawalReason

ROOT = Path(__file__).parents[3]
EVERY: Codec[Any] = Codec(Union[tuple(KINDS.values())])  # noqa: UP007  # a union made at run time
GOLDEN = sorted((ROOT / files.GOLDEN).glob("*/*.json"))
VALIDATORS = {
    name: Draft202012Validator(wire_schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name, kind in KINDS.items()
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what is checked in, to break."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / files.GOLDEN, tmp_path / files.GOLDEN)
    return tmp_path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(list(words))
    return int(ended.value.code or 0)


def test_nothing_in_the_code_breaks_a_schema_that_is_checked_in() -> None:
    assert files.broken(ROOT) == [], "new version needed: see docs/events.md"


def test_everything_checked_in_is_as_the_code_has_it() -> None:
    assert files.outdated(ROOT) == [], "run: python -m shared.contracts write"


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_bytes_once_written_are_read_for_ever(file: Path) -> None:
    assert EVERY.decode(file.read_bytes()).type == file.parent.name


def test_every_event_has_bytes_that_are_kept() -> None:
    assert {file.parent.name for file in GOLDEN} >= KINDS.keys()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_schema_is_valid_and_its_example_fits(name: str) -> None:
    Draft202012Validator.check_schema(wire_schema(KINDS[name]))
    assert [error.message for error in VALIDATORS[name].iter_errors(json.loads(encode(example(KINDS[name]))))] == []


@settings(max_examples=60)
@given(events())
def test_whatever_we_write_fits_its_schema(event: Any) -> None:
    assert [error.message for error in VALIDATORS[event.type].iter_errors(json.loads(encode(event)))] == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_only_an_agency_is_forbidden_other_fields(name: str) -> None:
    more = json.loads(encode(example(KINDS[name]))) | {"added": 1}
    assert VALIDATORS[name].is_valid(more) is (writer_of(KINDS[name]) != AGENCY)


def test_every_attribute_cloudevents_asks_for_is_required() -> None:
    for kind in KINDS.values():
        assert {"specversion", "id", "source", "type"} <= set(wire_schema(kind)["required"])


def edit(file: Path, change: Any) -> None:
    schema = json.loads(file.read_text())
    change(schema)
    file.write_text(json.dumps(schema))


WITHDRAWN = files.SCHEMAS / "org.rhtrt.referral.withdrawn.v1.json"


def test_an_additive_change_asks_to_write_and_writing_keeps_new_bytes(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copied / WITHDRAWN, lambda schema: schema["properties"].pop("causationid"))
    assert run("check", "--root", str(copied)) == 1
    assert "run `python -m shared.contracts write`" in capsys.readouterr().out
    first = encode(withdrawn(reason=WithdrawalReason.unsafe))
    (copied / files.GOLDEN / WITHDRAWN.stem / "1.json").write_bytes(first)
    assert run("write", "--root", str(copied)) == 0
    assert files.outdated(copied) == []
    assert (copied / files.GOLDEN / WITHDRAWN.stem / "1.json").read_bytes() == first
    assert (copied / files.GOLDEN / WITHDRAWN.stem / "2.json").exists()
    assert run("check", "--root", str(copied)) == 0


def test_a_breaking_change_asks_for_a_new_version_and_is_not_written(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copied / WITHDRAWN, lambda schema: schema["required"].remove("correlationid"))
    before = (copied / WITHDRAWN).read_bytes()
    assert run("check", "--root", str(copied)) == 1
    assert run("write", "--root", str(copied)) == 1
    assert "BREAKS org.rhtrt.referral.withdrawn.v1: correlationid: newly required" in capsys.readouterr().out
    assert (copied / WITHDRAWN).read_bytes() == before


def test_an_event_that_is_gone_breaks_whoever_reads_its_records() -> None:
    without = {name: kind for name, kind in KINDS.items() if name != WITHDRAWN.stem}
    assert files.broken(ROOT, without) == [f"{WITHDRAWN.stem}: removed, but records of it may still be read"]


class RenamedData(Frozen):
    """As if somebody had renamed `reason`."""

    why: WithdrawalReason


class Renamed(ReferralWithdrawn):
    """The event with it."""

    data: RenamedData  # type: ignore[assignment]


def test_a_renamed_field_in_the_code_is_found() -> None:
    assert files.broken(ROOT, KINDS | {WITHDRAWN.stem: Renamed}) == [
        f"{WITHDRAWN.stem}: data.why: newly required",
        f"{WITHDRAWN.stem}: data.reason: removed or renamed",
    ]
