"""Intake's files in config/: what is wrong in them is said with its line, all at once, and editors know it too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from services.intake.access.grants import load_grants
from services.intake.attachments.limits import load_limits
from services.intake.editor_schemas import FOLDER, MODELS, schemas
from services.intake.retention.schedule import load_schedule
from shared.config_file import ConfigError

CONFIG = Path("config")
LOAD: dict[str, Callable[[Path], Any]] = {"attachments": load_limits, "details": load_grants, "retention": load_schedule}


def mistakes(folder: Path, name: str, *changes: tuple[str, str]) -> list[str]:
    """What is said of the shipped file after these changes, as LINE: TEXT."""
    text = (CONFIG / f"{name}.yaml").read_text()
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        LOAD[name](folder)
    return [f"{one.line}: {one.text}" for one in refused.value.mistakes]


def line(name: str, part: str) -> int:
    """Where this stands in the shipped file."""
    return next(n for n, text in enumerate((CONFIG / f"{name}.yaml").read_text().splitlines(), 1) if part in text)


def test_every_mistake_of_the_schedule_is_told_with_its_line(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        "retention",
        ("  moved: 1825", "  moved: 0"),
        ("  deceased:", "  decesed:"),
        ("withdrawn: 365", "withdrawn: x"),
    )
    assert f"{line('retention', 'days:')}: is missing" in found, "a reason without a number"
    assert f"{line('retention', 'deceased')}: this name is not known here; did you mean deceased?" in found
    assert any(one.startswith(f"{line('retention', 'moved')}: ") for one in found)
    assert any(one.startswith(f"{line('retention', 'withdrawn')}: ") for one in found)
    assert len(found) == 4


def test_every_mistake_of_the_limits_for_files_is_told_with_its_line(tmp_path: Path) -> None:
    changes = (("most_files: 10 ", "most_files: 0 "), ("pdf, text]", "pdf, docx]"), ("memory_mb: 600", "memory: 600"))
    at = {part: line("attachments", part) for part in ("most_files:", "kinds: [", "pictures:", "memory_mb:")}
    assert mistakes(tmp_path, "attachments", *changes) == [
        f"{at['most_files:']}: this should be greater than or equal to 1",
        f"{at['kinds: [']}: choose one of: jpeg, png, webp, pdf, text",
        f"{at['pictures:']}: is missing",
        f"{at['memory_mb:']}: this name is not known here; did you mean memory_mb?",
    ]


def test_every_mistake_of_the_grants_is_told_with_its_line(tmp_path: Path) -> None:
    at = line("details", "kinds: [police], needs: [released, police], ")
    assert mistakes(
        tmp_path, "details", ("[released, police], fields: [account, victim", "[released, police], fields: [acount, victm")
    ) == [
        f"{at}: there is no such field; did you mean account?",
        f"{at}: there is no such field; did you mean victim?",
    ]
    [shoes] = mistakes(tmp_path, "details", ("victim.phone", "victim.phones"))
    assert shoes == f"{line('details', 'victim.phone')}: there is no such field; did you mean victim.phone?"
    [boss] = mistakes(tmp_path, "details", ("roles: [coordinator]", "roles: [boss]"))
    assert boss.startswith(f"{line('details', 'roles: [coordinator]')}: choose one of: ")
    twice = mistakes(tmp_path, "details", ("\nwhile:", "\nwhile: [offered]\nwhile:"))
    assert any("given twice" in one for one in twice)


def test_the_schemas_that_are_checked_in_are_those_of_the_code() -> None:
    there = {name: (FOLDER / name).read_text() for name in schemas()}
    assert there == schemas(), "run: python -m services.intake.editor_schemas"


@pytest.mark.parametrize("name", MODELS)
def test_the_shipped_file_names_its_schema_and_fits_it(name: str) -> None:
    text = (CONFIG / f"{name}.yaml").read_text()
    assert text.startswith(f"# yaml-language-server: $schema=schemas/{name}.schema.json\n")
    schema = json.loads(schemas()[f"{name}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text) | {"whatever": 1}, schema)
