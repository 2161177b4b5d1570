"""A YAML file with the line of everything in it, so that every mistake is shown where it stands, all of them at once. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

Path = tuple[int | str, ...]
"""The way to a value: names of a mapping, numbers of a list."""


class Mistake(NamedTuple):
    """What is wrong, where: `place` names the rule or agency and the word in it."""

    file: str
    line: int
    place: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, f"line {self.line}", self.place, self.text) if part)


class ConfigError(ValueError):
    """Configuration that cannot be used, with all its mistakes."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a file holds, as YAML gives it, and the line of each value; a name counts as the place of its value."""

    name: str
    content: Any
    lines: Mapping[Path, int]
    wrong: tuple[tuple[Path, str], ...] = ()
    """What YAML lets pass and we do not."""

    def mistake(self, path: Path, text: str) -> Mistake:
        """Something wrong at this path, or at the nearest place around it that the file has."""
        there = next(path[:length] for length in range(len(path), -1, -1) if path[:length] in self.lines)
        return Mistake(self.name, self.lines[there], self._named(path), text)

    def _named(self, path: Path) -> str:
        """By id instead of number wherever there is one: `rules: labor: urgency`."""
        content, words = self.content, []
        for step in path:
            content = _inside(content, step)
            words.append(str(content["id"]) if isinstance(content, dict) and "id" in content else str(step))
        return ": ".join(words)


class _Loader(yaml.SafeLoader):
    """Leaves dates as text: an impossible one is then told with its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(name: str, raw: bytes) -> ConfigFile:
    """Reads YAML. ConfigError where it is none."""
    try:
        loader = _Loader(raw)
        node = loader.get_single_node()
        lines, wrong = _lines(node)
        return ConfigFile(name, loader.construct_document(node) if node else None, lines, wrong)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError([Mistake(name, line, "", f"this is not YAML: {error.problem}")]) from None
    except yaml.reader.ReaderError as error:
        line = raw[: error.position].count(b"\n") + 1
        raise ConfigError([Mistake(name, line, "", "this is not UTF-8 text without control characters")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError([Mistake(name, 1, "", f"this is not YAML ({type(error).__name__})")]) from None


def _lines(root: yaml.Node | None) -> tuple[dict[Path, int], tuple[tuple[Path, str], ...]]:
    """The line of each path, from 1; and what is given twice, of which YAML would silently take the last."""
    lines: dict[Path, int] = {}
    wrong: list[tuple[Path, str]] = []
    seen: set[int] = set()
    left: list[tuple[Path, yaml.Node | None, int]] = [((), root, 1)]
    while left:
        path, node, line = left.pop()
        if path in lines:
            wrong.append((path, f"given twice, in line {lines[path]} and {line}"))
        lines[path] = line
        if id(node) in seen:
            wrong.append((path, "write it out: references within the file (& and *) are not used here"))
        else:
            seen.add(id(node))
            left += [((*path, step), child, at) for step, child, at in _children(node)][::-1]
    return lines, tuple(wrong)


def _children(node: yaml.Node | None) -> Iterator[tuple[int | str, yaml.Node, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value, value.start_mark.line + 1


def _inside(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None
