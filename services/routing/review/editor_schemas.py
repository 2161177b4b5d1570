"""JSON Schemas of routing's configuration files, for the editors of those who write them: config/schemas/.

Run as `python -m services.routing.review.editor_schemas` to write them anew; a test compares.
"""

from pathlib import Path

from pydantic import BaseModel

from services.routing.rules.clock_times import WrittenClocks
from services.routing.rules.file import WrittenRules
from shared.agencies import Agencies
from shared.config_model import editor_schema

MODELS: dict[str, type[BaseModel]] = {"agencies": Agencies, "clocks": WrittenClocks, "rules": WrittenRules}
FOLDER = Path("config/schemas")


def schemas() -> dict[str, str]:
    """File name to text."""
    return {f"{name}.schema.json": editor_schema(name, model) for name, model in MODELS.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text)
