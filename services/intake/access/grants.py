"""Who may read which fields: the table in config/details.yaml. Pure. Whatever no grant gives, nobody reads."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from services.intake.access.consents import Consent
from services.intake.access.standing import Standing
from services.intake.vault.leaves import FIELDS as DETAILS
from shared.agencies import AgencyKind
from shared.config_file import ConfigError, parse
from shared.config_model import usable
from shared.events.facts import Frozen
from shared.principal import Role
from shared.vocabulary import AssignmentStatus

ATTACHMENTS, ORIGINALS, MESSAGES = "attachments", "originals", "messages"
FIELDS = (*DETAILS, ATTACHMENTS, ORIGINALS, MESSAGES)
"""Everything that a grant may give. `attachments`: the files, pictures as they are drawn anew; `originals`: as they came.

`messages`: what the coordinator and the reporter who came back write to each other.
"""


def _near(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, tuple(names), 1)
    return "there is no such field; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(FIELDS)}")


def _known(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(_near(name, FIELDS))
    return name


class Purpose(StrEnum):
    """What somebody wants to read details for; it goes into the audit."""

    decide_on_offer = "decide_on_offer"
    contact = "contact"
    safety_planning = "safety_planning"
    services = "services"
    investigation = "investigation"
    child_protection = "child_protection"
    coordination = "coordination"
    records = "records"


class OriginalPurpose(StrEnum):
    """What somebody wants a file for as it came, with whatever its camera or author wrote into it."""

    evidence = "evidence"
    authenticity = "authenticity"


FieldName = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(FIELDS)})]
"""The name of one field of the details."""


class Grant(Frozen):
    """These roles at agencies of these kinds may read these fields, where the reporter agreed to all in `needs`."""

    roles: frozenset[Role]
    kinds: frozenset[AgencyKind]
    needs: frozenset[Consent] = frozenset()
    fields: tuple[str, ...]


class Grants(Frozen):
    """The whole table. `while_`: the statuses of an assignment during which its agency may read at all."""

    while_: frozenset[AssignmentStatus] = Field(alias="while")
    groups: dict[str, tuple[FieldName, ...]] = {}
    grants: tuple[Grant, ...]

    @property
    def unknown(self) -> Iterator[tuple[int, int, str]]:
        """Each name in a grant that is neither a field nor a group: number of the grant, of the name, and what to do."""
        names = (*self.groups, *FIELDS)
        for number, grant in enumerate(self.grants):
            for place, name in enumerate(grant.fields):
                if name not in names:
                    yield number, place, _near(name, names)

    def fields(self, role: Role, kind: AgencyKind, held: Collection[Consent]) -> frozenset[str]:
        """What may be read: everything that any grant gives."""
        fitting = [grant for grant in self.grants if role in grant.roles and kind in grant.kinds and grant.needs <= set(held)]
        return frozenset(name for grant in fitting for one in grant.fields for name in self.groups.get(one, (one,)))

    def open_to(self, agency: str, standing: Standing) -> bool:
        """Whether the referral is assigned to the agency now."""
        return standing.assignments.get(agency) in self.while_


def load_grants(config_dir: Path) -> Grants:
    """Reads and checks details.yaml. ConfigError with every mistake and its line; OSError."""
    path = config_dir / "details.yaml"
    file = parse(str(path), path.read_bytes())
    grants = usable(file, Grants, ("while", "groups", "grants", "roles", "kinds", "needs", "fields"))
    if wrong := [file.mistake(("grants", number, "fields", place), text) for number, place, text in grants.unknown]:
        raise ConfigError(wrong)
    return grants
