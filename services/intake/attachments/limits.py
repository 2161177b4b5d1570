"""How many files, how large and of which kinds: config/attachments.yaml. Pure."""

from pathlib import Path

from pydantic import Field

from services.intake.attachments.kinds import Kind
from shared.config_file import parse, usable
from shared.events.facts import Frozen


class Pictures(Frozen):
    """What drawing a picture anew may take. `longest_edge`: of the new one. `seconds`: of processor time."""

    most_pixels: int = Field(ge=1_000_000, le=200_000_000)
    longest_edge: int = Field(ge=500, le=10_000)
    memory_mb: int = Field(ge=128, le=4096)
    seconds: int = Field(ge=1, le=120)


class Limits(Frozen):
    """What is taken. `most_files`: of one referral. `at_once`: files that one instance takes at the same time."""

    most_bytes: int = Field(ge=1024, le=100 * 1024 * 1024)
    most_files: int = Field(ge=1, le=100)
    at_once: int = Field(ge=1, le=1000)
    kinds: frozenset[Kind] = Field(min_length=1)
    pictures: Pictures


def load_limits(config_dir: Path) -> Limits:
    """Reads and checks attachments.yaml. ConfigError with every mistake and its line; OSError."""
    file = config_dir / "attachments.yaml"
    return usable(parse(str(file), file.read_bytes()), Limits, (*Limits.model_fields, *Pictures.model_fields))
