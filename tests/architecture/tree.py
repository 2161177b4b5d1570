"""The project's own Python files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("services", "shared")


@cache
def parsed(*folders: str) -> dict[str, ast.Module]:
    """Every module under the folders, by its path from the project's root."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in files}


def calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the name it is called by: `print`, `subscriber`, `AIOKafkaConsumer`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node
