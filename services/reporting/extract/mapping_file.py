"""The fields of config/htcds.yaml."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, RootModel, model_validator
from pydantic import Field as Told

from services.reporting.extract.codes import MONTH, NAMES, Codes
from services.reporting.extract.mapping import RECORD, SPANS, Field, Fields, Words

OTHERWISE = "otherwise"


class _Field(BaseModel):
    model_config = ConfigDict(extra="forbid")

    field: str = Told(pattern=r"^[a-z]{3}_[A-Za-z]+$")
    source: str = Told(alias="from")
    says: str
    values: dict[str, str] = {}
    several: bool = False
    ladder: list[str | dict[str, str]] | None = None

    @model_validator(mode="after")
    def _can_be_said(self) -> Self:
        if self.field == RECORD:
            raise ValueError(f"{RECORD} is always there: give the field another name")
        if self.source not in NAMES:
            raise ValueError(f"from: give one of {', '.join(NAMES)}")
        spans = [one for one in self.ladder or () if isinstance(one, str)]
        if set(spans) - set(SPANS) or (spans and self.source != MONTH):
            raise ValueError(f"ladder: a rung is what terms are called, or, of {MONTH}, one of {', '.join(SPANS)}")
        return self

    def made(self) -> Field:
        ladder = None if self.ladder is None else tuple(map(_rung, self.ladder))
        return Field(self.field, self.source, self.says, _words(self.values), self.several, ladder)


class _FieldsFile(RootModel[list[_Field]]):
    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [one.field for one in self.root]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice[0]} is given twice")
        return self


def _words(values: dict[str, str]) -> Words:
    return Words({term: word for term, word in values.items() if term != OTHERWISE}, values.get(OTHERWISE))


def _rung(told: str | dict[str, str]) -> Callable[[Codes], str]:
    return SPANS[told] if isinstance(told, str) else _words(told)


def load_fields(config_dir: Path) -> Fields:
    """Reads and checks htcds.yaml. ValueError says what is wrong, and where."""
    content = _FieldsFile.model_validate(yaml.safe_load((config_dir / "htcds.yaml").read_text())).root
    return Fields(tuple(one.made() for one in content))
