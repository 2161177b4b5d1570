"""The agencies that take part, from config/agencies.yaml."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import model_validator

from shared.config_file import ConfigError, parse
from shared.config_model import validated
from shared.events.facts import AgencyId, Frozen
from shared.hours import Hours
from shared.topics import SANDBOX
from shared.vocabulary import Capability, StaffRole, Town


class AgencyKind(StrEnum):
    """What an agency is; rules ask for kinds, not for names."""

    police = "police"
    child_protection = "child_protection"
    advocates = "advocates"
    coordinator = "coordinator"
    sandbox = "sandbox"
    """No agency: the topics on which agencies' engineers try their systems. It has no part in any referral."""


class Agency(Frozen):
    """One agency. `towns` only for police. `staff`: the roles that somebody fills; `capabilities`: what rules may ask for.

    Without `hours` somebody is always there.
    """

    id: AgencyId
    name: str
    kind: AgencyKind
    towns: tuple[Town, ...] = ()
    staff: tuple[StaffRole, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    hours: Hours | None = None

    @model_validator(mode="after")
    def _only_police_have_towns(self) -> "Agency":
        if self.towns and self.kind is not AgencyKind.police:
            raise ValueError("towns are for agencies of kind police")
        return self


class Agencies(Frozen):
    """All of them; exactly one coordinator, and no town with two police departments."""

    agencies: tuple[Agency, ...]

    @model_validator(mode="after")
    def _fit_together(self) -> "Agencies":
        if len(set(self.on_the_bus)) != len(self.on_the_bus):
            raise ValueError("agencies: an id is given twice")
        towns = [town for agency in self.agencies for town in agency.towns]
        if twice := sorted({town.value for town in towns if towns.count(town) > 1}):
            raise ValueError(f"agencies: {', '.join(twice)} has two police departments")
        if len(self.of_kind(AgencyKind.coordinator)) != 1:
            raise ValueError("agencies: name exactly one of kind coordinator")
        if any((agency.id == SANDBOX) is not (agency.kind is AgencyKind.sandbox) for agency in self.agencies):
            raise ValueError(f"agencies: kind sandbox has the id {SANDBOX}, and nobody else has it")
        return self

    def of_kind(self, kind: AgencyKind) -> tuple[str, ...]:
        """The ids of all agencies of a kind."""
        return self._by_kind.get(kind, ())

    def able_to(self, capability: Capability) -> tuple[str, ...]:
        """The ids of all agencies with a capability."""
        return tuple(agency.id for agency in self.taking_part if capability in agency.capabilities)

    def police_of(self, town: Town) -> str | None:
        """The police department of a town, where it has one here."""
        return self._by_town.get(town)

    @cached_property
    def _by_kind(self) -> Mapping[AgencyKind, tuple[str, ...]]:
        return {kind: tuple(agency.id for agency in self.agencies if agency.kind is kind) for kind in AgencyKind}

    @cached_property
    def _by_town(self) -> Mapping[Town, str]:
        return {town: agency.id for agency in self.agencies for town in agency.towns}

    @cached_property
    def _hours(self) -> Mapping[str, Hours | None]:
        return {agency.id: agency.hours for agency in self.agencies}

    def next_opening(self, agency: str, at: datetime) -> datetime:
        """`at` itself while somebody is at the agency's desk, else when somebody is there next."""
        hours = self._hours.get(agency)
        return hours.next_opening(at) if hours else at

    @cached_property
    def taking_part(self) -> tuple[Agency, ...]:
        """Every agency, but not the sandbox: nothing that works with agencies knows of it."""
        return tuple(agency for agency in self.agencies if agency.kind is not AgencyKind.sandbox)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of every agency that takes part."""
        return tuple(agency.id for agency in self.taking_part)

    @property
    def on_the_bus(self) -> tuple[str, ...]:
        """Everyone who has an inbox and an outbox: every agency, and the sandbox."""
        return tuple(agency.id for agency in self.agencies)

    @property
    def has_sandbox(self) -> bool:
        """Whether there is one."""
        return bool(self.of_kind(AgencyKind.sandbox))

    @cached_property
    def coordinator(self) -> str:
        """The coordinator's id."""
        return self.of_kind(AgencyKind.coordinator)[0]


AGENCIES_WORDS = frozenset({*Agencies.model_fields, *Agency.model_fields, *Hours.model_fields})
"""The names that agencies.yaml may use."""


def load_agencies(config_dir: Path) -> Agencies:
    """Reads and checks agencies.yaml. ConfigError names every mistake in it with its line; OSError where it cannot be read."""
    file = config_dir / "agencies.yaml"
    agencies, mistakes = validated(parse(str(file), file.read_bytes()), Agencies, AGENCIES_WORDS)
    if agencies is None or mistakes:
        raise ConfigError(mistakes)
    return agencies
