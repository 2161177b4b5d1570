"""What editors are told about the configuration files is what the program accepts."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from services.routing.review.editor_schemas import FOLDER, MODELS, schemas
from tests.unit.routing.cases import CONFIG


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schemas()[f"{name}.schema.json"])
    return found


def written(name: str) -> Any:
    """As an editor reads it: dates are text."""
    return json.loads(json.dumps(yaml.safe_load((CONFIG / f"{name}.yaml").read_text()), default=str))


def test_the_schemas_that_are_checked_in_are_those_of_the_code() -> None:
    there = {name: (FOLDER / name).read_text() for name in schemas()}
    assert there == schemas(), "run: python -m services.routing.review.editor_schemas"


@pytest.mark.parametrize("name", MODELS)
def test_the_shipped_file_names_its_schema_and_fits_it(name: str) -> None:
    assert (CONFIG / f"{name}.yaml").read_text().startswith(f"# yaml-language-server: $schema=schemas/{name}.schema.json\n")
    jsonschema.Draft202012Validator.check_schema(schema(name))
    jsonschema.validate(written(name), schema(name))


@pytest.mark.parametrize(
    "rule",
    [
        {"when": {"labour_involved": True}},
        {"when": {"safe_contact": ["unsafe", "risky"]}},
        {"when": {"labor_involved": "maybe"}},
        {"offer": [{"to": "police of other_cities", "role": "lead"}]},
        {"urgency": "urgent"},
        {"becuase": "a misspelled word"},
    ],
)
def test_an_editor_marks_what_the_program_would_refuse(rule: dict[str, Any]) -> None:
    content = written("rules")
    content["rules"][0] |= rule
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema("rules"))
