"""The people who take turns at a desk: config/staff.yaml. Handles and ways to reach them."""

from functools import cached_property
from pathlib import Path
from typing import Self

import yaml
from pydantic import ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.reach import Reach
from services.notifications.directory.rotation import PersonId
from shared.events.facts import AgencyId, Frozen

FILE = "staff.yaml"


class Person(Reach):
    """Somebody of an agency. `id` is a handle; only it is ever stored."""

    id: PersonId
    agency: AgencyId

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.ways:
            raise ValueError(f"{self.id} cannot be reached: write an address, a phone or a webhook")
        return self


class Staff(Frozen):
    """Everyone, each handle once."""

    people: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [person.id for person in self.people]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{twice[0]} is there twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Person]:
        """Each by the handle."""
        return {person.id: person for person in self.people}


def load_staff(config_dir: Path) -> Staff:
    """Reads and checks staff.yaml. ValueError says what is wrong in it; no file is nobody."""
    path = config_dir / FILE
    raw = (yaml.safe_load(path.read_text()) if path.exists() else None) or {}
    try:
        return Staff.model_validate(raw)
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
