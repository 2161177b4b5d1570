"""A YAML file that people write, and where in it something is wrong: by line, and by id instead of number."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
Path_ = Sequence[int | str]


class ConfigError(Exception):
    """Configuration that cannot be used. Every line of the text says which file, where in it, and what to write."""


class ConfigFile:
    """One file, read. ConfigError where it is not there or is no YAML."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text()
            self._nodes = yaml.compose(self.text, Loader=yaml.SafeLoader)
            self.content: Any = yaml.safe_load(self.text)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read ({error.strerror}). Is CONFIG_DIR right?") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{path}: is not UTF-8 text") from None
        except yaml.MarkedYAMLError as error:
            line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
            raise ConfigError(f"{path}: {line}{error.problem}") from None

    def validated(self, model: type[M]) -> M:
        """The content in its shape. ConfigError with one line for each mistake."""
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            mistakes = [self.mistake(one["loc"], one["msg"].removeprefix("Value error, ")) for one in error.errors()]
            raise ConfigError("\n".join(mistakes)) from None

    def mistake(self, path: Path_, what: str) -> str:
        """`FILE: line 12: rules: labor: urgency: what`."""
        return f"{self.path}: line {self._line(path)}: {self._place(path)}: {what}"

    def _line(self, path: Path_) -> int:
        """Of the innermost place on the path that the file has; what is missing is missing there."""
        node, line = self._nodes, 1
        for step in path:
            found = _inside(node, step)
            if found is None:
                break
            node, line = found
        return line

    def _place(self, path: Path_) -> str:
        named: list[str] = []
        content = self.content
        for step in path:
            content = _value(content, step)
            named.append(str(content["id"]) if isinstance(content, dict) and "id" in content else str(step))
        return ": ".join(named) or "the file"


def _inside(node: Any, step: int | str) -> tuple[Any, int] | None:
    """The node under `step`, and the line (from 1) on which it, or its name, begins."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(step):
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def _value(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None
