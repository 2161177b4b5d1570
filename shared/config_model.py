"""What a file of config/ has to be: a model that it fits, or every mistake in plain words, with what to write instead. Pure."""

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from re import findall
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.config_file import ConfigError, ConfigFile, Mistake, Path
from shared.vocabulary import UNRECOGNIZED

M = TypeVar("M", bound=BaseModel)


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
