"""Who may read which fields: the table in config/details.yaml. Pure. Whatever no grant gives, nobody reads."""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import Field, model_validator

from services.intake.access.consents import Consent
from services.intake.access.standing import Standing
from services.intake.vault.leaves import FIELDS as DETAILS
from shared.agencies import AgencyKind
from shared.events.facts import Frozen
from shared.principal import Role
from shared.vocabulary import AssignmentStatus

ATTACHMENTS, ORIGINALS, MESSAGES = "attachments", "originals", "messages"
FIELDS = (*DETAILS, ATTACHMENTS, ORIGINALS, MESSAGES)
"""Everything that a grant may give. `attachments`: the files, pictures as they are drawn anew; `originals`: as they came.

`messages`: what the coordinator and the reporter who came back write to each other.
"""


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


class Grant(Frozen):
    """These roles at agencies of these kinds may read these fields, where the reporter agreed to all in `needs`."""

    roles: frozenset[Role]
    kinds: frozenset[AgencyKind]
    needs: frozenset[Consent] = frozenset()
    fields: tuple[str, ...]


class Grants(Frozen):
    """The whole table. `while_`: the statuses of an assignment during which its agency may read at all."""

    while_: frozenset[AssignmentStatus] = Field(alias="while")
    groups: dict[str, tuple[str, ...]] = {}
    grants: tuple[Grant, ...]

    @model_validator(mode="after")
    def _names_that_exist(self) -> "Grants":
        named = {name for group in self.groups.values() for name in group}
        named |= {name for grant in self.grants for name in grant.fields if name not in self.groups}
        if unknown := sorted(named - set(FIELDS)):
            raise ValueError(f"there are no fields {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        return self

    def fields(self, role: Role, kind: AgencyKind, held: Collection[Consent]) -> frozenset[str]:
        """What may be read: everything that any grant gives."""
        fitting = [grant for grant in self.grants if role in grant.roles and kind in grant.kinds and grant.needs <= set(held)]
        return frozenset(name for grant in fitting for one in grant.fields for name in self.groups.get(one, (one,)))

    def open_to(self, agency: str, standing: Standing) -> bool:
        """Whether the referral is assigned to the agency now."""
        return standing.assignments.get(agency) in self.while_


def load_grants(config_dir: Path) -> Grants:
    """Reads and checks details.yaml. ValueError says what is wrong in it."""
    return Grants.model_validate(yaml.safe_load((config_dir / "details.yaml").read_text()))
