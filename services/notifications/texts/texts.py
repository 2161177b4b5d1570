"""The texts of messages. No personal detail can stand in one: they see only `Words` or `WordsForMany`."""

from collections.abc import Collection
from dataclasses import fields
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.texts.words import ENGLISH, Words, WordsForMany

_NAMES = ("subject.txt", "body.txt", "body.html", "sms.txt")
_FOLDERS = {Words: "", WordsForMany: "many/"}
_FACTS = {kind: [field.name for field in fields(kind)] for kind in _FOLDERS}


class Texts:
    """The texts in every language. `offered`: those that a person has reviewed; any other reads English in its stead."""

    def __init__(self, offered: Collection[str] = (ENGLISH,)) -> None:
        self._offered = {ENGLISH, *offered}
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            auto_reload=False,
        )
        environment.globals.clear()  # the texts call nothing, and looking for it took a fifth of the time of writing them
        names = [folder + name for folder in _FOLDERS.values() for name in _NAMES]
        self._templates = {name: environment.get_template(name) for name in names}

    def language(self, wanted: str) -> str:
        """The language that is really used."""
        return wanted if wanted in self._offered else ENGLISH

    def write(self, name: str, language: str, said: Words | WordsForMany) -> str:
        """The text `name` in one of the languages that are offered."""
        facts = {name: getattr(said, name) for name in _FACTS[type(said)]}
        return self._templates[_FOLDERS[type(said)] + name].render(facts, language=language)
