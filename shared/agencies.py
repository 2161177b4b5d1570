"""The agencies that take part, from config/agencies.yaml."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import model_validator

from shared.events.facts import AgencyId, Frozen
from shared.hours import Hours
from shared.vocabulary import StaffRole, Town


class AgencyKind(StrEnum):
    """What an agency is; rules ask for kinds, not for names."""

    police = "police"
    child_protection = "child_protection"
    advocates = "advocates"
    coordinator = "coordinator"


class Agency(Frozen):
    """One agency. `towns` only for police. `staff`: the roles that somebody fills. Without `hours` somebody is always there."""

    id: AgencyId
    name: str
    kind: AgencyKind
    towns: tuple[Town, ...] = ()
    staff: tuple[StaffRole, ...] = ()
    hours: Hours | None = None


class Agencies(Frozen):
    """All of them; exactly one coordinator, and no town with two police departments."""

    agencies: tuple[Agency, ...]

    @model_validator(mode="after")
    def _fit_together(self) -> "Agencies":
        ids = [agency.id for agency in self.agencies]
        towns = [town for agency in self.agencies for town in agency.towns]
        if len(set(ids)) != len(ids):
            raise ValueError("agencies: an id is given twice")
        if len(set(towns)) != len(towns):
            raise ValueError("agencies: a town has two police departments")
        if len(self.of_kind(AgencyKind.coordinator)) != 1:
            raise ValueError("agencies: name exactly one of kind coordinator")
        return self

    def of_kind(self, kind: AgencyKind) -> tuple[str, ...]:
        """The ids of all agencies of a kind."""
        return tuple(agency.id for agency in self.agencies if agency.kind is kind)

    def police_of(self, town: Town) -> str | None:
        """The police department of a town, where it has one here."""
        return next((agency.id for agency in self.agencies if town in agency.towns), None)

    def next_opening(self, agency: str, at: datetime) -> datetime:
        """`at` itself while somebody is at the agency's desk, else when somebody is there next."""
        hours = next((one.hours for one in self.agencies if one.id == agency), None)
        return hours.next_opening(at) if hours else at

    @property
    def ids(self) -> tuple[str, ...]:
        """Every agency's id."""
        return tuple(agency.id for agency in self.agencies)

    @property
    def coordinator(self) -> str:
        """The coordinator's id."""
        return self.of_kind(AgencyKind.coordinator)[0]


def load_agencies(config_dir: Path) -> Agencies:
    """Reads and checks agencies.yaml. ValueError says what is wrong in it."""
    return Agencies.model_validate(yaml.safe_load((config_dir / "agencies.yaml").read_text()))
