"""The desks that can be told, from config/contacts.yaml: by agency and role."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import Field, ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.on_call import ScheduleId
from services.notifications.directory.reach import Reach
from shared.agencies import Agencies
from shared.events.facts import AgencyId, Frozen
from shared.vocabulary import StaffRole

FILE = "contacts.yaml"
Role = Literal[StaffRole.duty, StaffRole.supervisor, StaffRole.coordinator]


class Recipient(Reach):
    """One desk of an agency. `name` is the role's, as it stands before the address in the mail.

    `on_call`: whoever is on call by that schedule is told in the desk's stead; its own addresses are for when nobody is.
    """

    role: Role
    on_call: ScheduleId | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.ways and not self.on_call:
            raise ValueError("this desk cannot be reached: write an address, a phone, a webhook or on_call")
        return self


class Seat(Frozen):
    """Where a recipient stands in contacts.yaml. Stored in place of an address, which may be corrected meanwhile.

    `person`: somebody of staff.yaml, whoever is on call: a drill tries them too.
    """

    agency: AgencyId
    role: Role
    number: Annotated[int, Field(ge=0)] = 0
    person: str | None = None


class Contacts(Frozen):
    """All recipients. `coordinator` is the id of the coordinator's agency, where everything falls that nobody else has."""

    coordinator: AgencyId
    contacts: dict[AgencyId, tuple[Recipient, ...]]

    def seats(self, agency: str | None, role: Role) -> tuple[Seat, ...]:
        """Everyone who holds the role for an agency; the coordinator where nobody does. Never empty."""
        home = self.coordinator if role is StaffRole.coordinator else agency
        return self._seats.get((home or "", role)) or self._seats[self.coordinator, StaffRole.coordinator]

    def desk(self, seat: Seat) -> Recipient:
        """The desk at that place; whichever stands in for it where contacts.yaml has changed since."""
        there = self.seats(seat.agency, seat.role)
        return self._desks.get(seat) or self._desks[there[0]]

    def mailbox(self, seat: Seat) -> Seat:
        """The first desk that the same people read: what they are told goes together. That is so where two desks have the same
        addresses, and, if they are held by turns, the same schedule: then nobody ever holds one of them without the other."""
        return self._mailboxes.get(seat, seat)

    @property
    def all_seats(self) -> tuple[Seat, ...]:
        """Every desk there is."""
        return tuple(self._desks)

    @cached_property
    def _desks(self) -> dict[Seat, Recipient]:
        return {
            Seat(agency=agency, role=role, number=number): desk
            for agency, desks in self.contacts.items()
            for role in get_args(Role)
            for number, desk in enumerate(desk for desk in desks if desk.role is role)
        }

    @cached_property
    def _mailboxes(self) -> dict[Seat, Seat]:
        first: dict[tuple[str | None, ...], Seat] = {}
        return {
            seat: first.setdefault((desk.on_call, *(desk.target(way) for way in desk.ways)), seat)
            for seat, desk in self._desks.items()
        }

    @cached_property
    def _seats(self) -> dict[tuple[str, StaffRole], tuple[Seat, ...]]:
        places = {(seat.agency, seat.role) for seat in self._desks}
        return {place: tuple(seat for seat in self._desks if (seat.agency, seat.role) == place) for place in places}


def load_contacts(config_dir: Path, agencies: Agencies) -> Contacts:
    """Reads and checks contacts.yaml. ValueError says what is wrong in it and what to do."""
    raw = yaml.safe_load((config_dir / FILE).read_text()) or {}
    try:
        contacts = Contacts.model_validate(raw | {"coordinator": agencies.coordinator})
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
    if problem := _problem(contacts, agencies):
        raise ValueError(f"{FILE}: {problem}")
    return contacts


def _problem(contacts: Contacts, agencies: Agencies) -> str | None:
    if unknown := sorted(set(contacts.contacts) - set(agencies.ids)):
        return f"{unknown[0]} is not in agencies.yaml. Correct the id, or add the agency there."
    for agency in agencies.taking_part:
        held = {recipient.role for recipient in contacts.contacts.get(agency.id, ())}
        for role in (StaffRole.duty, *agency.staff):
            if role not in held:
                return _missing(agency.id, role)
    if not any(r.role is StaffRole.coordinator for r in contacts.contacts[agencies.coordinator]):
        return _missing(agencies.coordinator, StaffRole.coordinator)
    return None


def _missing(agency: str, role: StaffRole) -> str:
    return (
        f"nobody would be told for {agency}: it has no recipient of role {role.value}. "
        f"Add one under `{agency}:`, such as {{role: {role.value}, name: ..., address: {role.value}@...}}"
    )
