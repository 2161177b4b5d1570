"""JSON Schemas of the configuration files, for the editors of those who write them: config/schemas/.

Run as `python -m services.routing.editor_schemas` to write them anew; a test compares.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services.routing.clock_times import WrittenClocks
from services.routing.rule_file import WrittenRules
from shared.agencies import Agencies

MODELS: dict[str, type[BaseModel]] = {"agencies": Agencies, "clocks": WrittenClocks, "rules": WrittenRules}
FOLDER = Path("config/schemas")


def schemas() -> dict[str, str]:
    """File name to text."""
    return {f"{name}.schema.json": _text(name, model.model_json_schema()) for name, model in MODELS.items()}


def _text(name: str, schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"config/{name}.yaml"}
    return json.dumps(head | schema | {"title": head["title"]}, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text)
