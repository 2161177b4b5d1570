"""JSON Schemas of intake's configuration files, for the editors of those who write them: config/schemas/.

Run as `python -m services.intake.editor_schemas` to write them anew; a test compares.
"""

from pathlib import Path

from pydantic import BaseModel

from services.intake.access.grants import Grants
from services.intake.attachments.limits import Limits
from services.intake.retention.schedule import Schedule
from shared.config_model import editor_schema

MODELS: dict[str, type[BaseModel]] = {"attachments": Limits, "details": Grants, "retention": Schedule}
FOLDER = Path("config/schemas")


def schemas() -> dict[str, str]:
    """File name to text."""
    return {f"{name}.schema.json": editor_schema(name, model) for name, model in MODELS.items()}


if __name__ == "__main__":
    for name, text in schemas().items():
        (FOLDER / name).write_text(text)
