"""Who may take extracts, of what, for what: config/partners.yaml. Pure but for reading it."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.reporting.extract.mapping import Fields

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Every = Literal["fiscal_year", "fiscal_quarter", "calendar_year", "calendar_quarter"]


class Partner(BaseModel):
    """One partner. `subjects`: the issuer's ids of its people or systems. `k`: how many records have to be alike at least.

    `every`: of which periods its extracts are, always of one kind, so that no two of them are of the same days. `withhold`:
    which share of the records may be left out rather than tell all of them more coarsely. `fields`: which it may have; all
    without.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    name: str
    subjects: tuple[str, ...]
    every: Every
    k: int = Field(ge=2)
    withhold: float = Field(0.05, ge=0, lt=1)
    purposes: tuple[Id, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()


class _PartnersFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    partners: tuple[Partner, ...]


class Partners:
    """All of them, by who asks."""

    def __init__(self, partners: Collection[Partner]) -> None:
        self._by_subject = {subject: one for one in partners for subject in one.subjects}

    def of(self, subject: str) -> Partner | None:
        """The partner that somebody belongs to."""
        return self._by_subject.get(subject)


def load_partners(config_dir: Path, fields: Fields, least_k: int) -> Partners:
    """Reads and checks partners.yaml against the fields that there are. ValueError says what is wrong."""
    partners = _PartnersFile.model_validate(yaml.safe_load((config_dir / "partners.yaml").read_text())).partners
    told = [subject for one in partners for subject in one.subjects]
    if len(set(told)) != len(told) or len({one.id for one in partners}) != len(partners):
        raise ValueError("partners.yaml: an id or a subject is given twice")
    for one in partners:
        if one.k < least_k:
            raise ValueError(f"partners.yaml: {one.id}: k is under PARTNER_THRESHOLD, which is {least_k}")
        if unknown := sorted({*one.fields} - {field.name for field in fields.all}):
            raise ValueError(f"partners.yaml: {one.id}: htcds.yaml has no field {unknown[0]}")
    return Partners(partners)
