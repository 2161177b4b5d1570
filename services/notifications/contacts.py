"""Who can be told, from config/contacts.yaml: mailboxes of roles, by agency."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from shared.agencies import Agencies
from shared.events.facts import AgencyId, Frozen
from shared.vocabulary import StaffRole

FILE = "contacts.yaml"
Role = Literal[StaffRole.duty, StaffRole.supervisor, StaffRole.coordinator]
Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
"""A mailbox. Plain ASCII, as it stands in an SMTP command."""
DisplayName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ,.'&()/-]{0,59}$")]
"""Short plain ASCII, so that it fits into one line of a mail's header."""


class Recipient(Frozen):
    """One mailbox of an agency. `name` is the role's, as it stands before the address in the mail."""

    role: Role
    name: DisplayName
    address: Address


class Seat(Frozen):
    """Where a recipient stands in contacts.yaml. Stored in place of an address, which may be corrected meanwhile."""

    agency: AgencyId
    role: Role
    number: Annotated[int, Field(ge=0)] = 0


class Contacts(Frozen):
    """All recipients. `coordinator` is the id of the coordinator's agency, where everything falls that nobody else has."""

    coordinator: AgencyId
    contacts: dict[AgencyId, tuple[Recipient, ...]]

    def seats(self, agency: str | None, role: Role) -> list[tuple[Seat, Recipient]]:
        """Everyone who holds the role for an agency; the coordinator where nobody does. Never empty."""
        home = self.coordinator if role is StaffRole.coordinator else agency
        return self._of(home, role) or self._of(self.coordinator, StaffRole.coordinator)

    def recipient(self, seat: Seat) -> Recipient:
        """Who holds the seat now; whoever stands in for them where contacts.yaml has changed since."""
        there = self.seats(seat.agency, seat.role)
        return there[seat.number][1] if seat.number < len(there) else there[0][1]

    def _of(self, agency: str | None, role: Role) -> list[tuple[Seat, Recipient]]:
        holders = [r for r in self.contacts.get(agency or "", ()) if r.role is role]
        return [(Seat(agency=agency or "", role=role, number=n), holder) for n, holder in enumerate(holders)]


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


def complaint(error: ValidationError | TypeError) -> str:
    """What does not fit in a file, place by place, in one line."""
    if isinstance(error, TypeError):
        return "this is not a list of names and values; compare it with the file as it came"
    return "; ".join(f"{'.'.join(str(step) for step in e['loc'])}: {e['msg']}" for e in error.errors(include_input=False))


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
