"""A YAML file with the line of everything in it, so that every mistake is shown where it stands, all of them at once. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from re import findall
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from shared.vocabulary import UNRECOGNIZED

M = TypeVar("M", bound=BaseModel)
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


def mistakes_in(file: ConfigFile, error: ValidationError, words: Iterable[str]) -> list[Mistake]:
    """What does not fit the model, in plain words. `words` are the names that the file may use."""
    names = sorted(words)
    return [file.mistake(_path(file, one["loc"]), _plain(one, names)) for one in error.errors(include_url=False)]


def _path(file: ConfigFile, place: tuple[int | str, ...]) -> Path:
    """Without what pydantic adds for the ways it tried; a missing name stays, as it is not in the file."""
    path: Path = ()
    for number, step in enumerate(place):
        if (*path, step) in file.lines or number == len(place) - 1:
            path = (*path, step)
    return path


def _plain(error: Any, names: list[str]) -> str:
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            near = get_close_matches(str(error["loc"][-1]), names, 1)
            return f"this name is not known here{f'; did you mean {near[0]}?' if near else ''}"
        case "enum" | "literal_error":
            terms = [term for term in findall(r"'([^']+)'", error["ctx"]["expected"]) if term != UNRECOGNIZED]
            return f"choose one of: {', '.join(terms)}"
        case "value_error":
            return str(error["ctx"]["error"])
        case "model_type" | "dict_type":
            return "this has to be a list of names and values, as in the file that came with the program"
    return str(error["msg"]).replace("Input should", "this should").replace("Field required", "is missing")


def validated(file: ConfigFile, model: type[M], words: Iterable[str], context: Any = None) -> tuple[M | None, list[Mistake]]:
    """The file as the model has it, and every mistake in it; None where it cannot be used at all."""
    if file.wrong:
        return None, [file.mistake(path, text) for path, text in file.wrong]
    values = list(_values(file.content, ()))
    mistakes = [file.mistake(path, text) for path, text in (*_same_ids(values), *_placeholders(values))]
    try:
        return model.model_validate(file.content, context=context), mistakes
    except ValidationError as error:
        return None, [*mistakes, *mistakes_in(file, error, words)]


def usable(file: ConfigFile, model: type[M], words: Iterable[str], context: Any = None) -> M:
    """The file as the model has it. ConfigError with every mistake in it."""
    found, mistakes = validated(file, model, words, context)
    if found is None or mistakes:
        raise ConfigError(mistakes)
    return found


def editor_schema(name: str, model: type[BaseModel]) -> str:
    """The JSON Schema of config/NAME.yaml, by which editors complete and check it."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"config/{name}.yaml"}
    return json.dumps(head | model.model_json_schema() | {"title": head["title"]}, indent=2) + "\n"


def _same_ids(values: Iterable[tuple[Path, Any]]) -> Iterator[tuple[Path, str]]:
    """Ids that are used again, anywhere in the file: reasons would be ambiguous."""
    seen: set[str] = set()
    for path, value in values:
        if path and path[-1] == "id" and isinstance(value, str):
            if value in seen:
                yield path, "this id is used before; every one needs its own"
            seen.add(value)


def _placeholders(values: Iterable[tuple[Path, Any]]) -> Iterator[tuple[Path, str]]:
    for path, value in values:
        if value == UNRECOGNIZED:
            yield path, "this is no term; it stands for terms that only a newer version knows"


def _values(content: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every single value with its path."""
    steps = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else None
    if steps is None:
        yield path, content
    else:
        for step, value in steps:
            yield from _values(value, (*path, step))


def _inside(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None
