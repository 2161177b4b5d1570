"""Who is told, and how: desks, staff and on-call schedules put together. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

from services.notifications.directory.chats import Chats, load_chats
from services.notifications.directory.contacts import Contacts, Recipient, Role, Seat, load_contacts
from services.notifications.directory.on_call import OnCall, load_on_call
from services.notifications.directory.reach import Reach, Way
from services.notifications.directory.staff import Staff, load_staff
from services.notifications.directory.webhooks import Webhooks, load_webhooks
from shared.agencies import Agencies
from shared.vocabulary import NotificationChannel, StaffRole

NO_WEBHOOKS, NO_CHATS = Webhooks(), Chats()
EVERY_CHANNEL = frozenset(get_args(Way))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat at a moment: `reach` of the desk, or of the person on call there, whose handle `person` is.

    `ways`: the channels to try, the preferred first; never none. `stands_in`: it is the coordinator's desk, as nobody holds
    the seat itself.
    """

    reach: Reach
    ways: tuple[NotificationChannel, ...]
    person: str | None = None
    stands_in: bool = False

    @property
    def identity(self) -> str:
        """What two seats of one holder have in common: the handle, else where their messages go."""
        return self.person or str(self.reach.target(self.ways[0]))


class Directory:
    """`contacts` says which desks there are; a desk with a schedule is held by whoever is on call. `channels` are set up."""

    def __init__(
        self,
        contacts: Contacts,
        staff: Staff,
        on_call: OnCall,
        channels: Collection[NotificationChannel] = EVERY_CHANNEL,
        *,
        webhooks: Webhooks = NO_WEBHOOKS,
        chats: Chats = NO_CHATS,
    ) -> None:
        self._channels = frozenset(channels)
        self.contacts = contacts
        self.staff = staff.by_id
        self.schedules = on_call.by_id
        self.webhooks = webhooks
        self.chats = chats

    def seats(self, agency: str | None, role: Role) -> tuple[Seat, ...]:
        """Everyone who holds the role for an agency; the coordinator where nobody does. Never empty."""
        return self.contacts.seats(agency, role)

    def holder(self, seat: Seat, at: datetime) -> Holder:
        """Who is told at this moment; the coordinator where the desk has nobody on call and no address of its own."""
        if seat.person in self.staff and (ways := self.ways(self.staff[seat.person])):
            return Holder(self.staff[seat.person], ways, seat.person)
        return self._holder(self.contacts.desk(seat), at) or self._coordinator()

    def _holder(self, desk: Recipient, at: datetime) -> Holder | None:
        who = self.schedules[desk.on_call].who(at) if desk.on_call else None
        if who in self.staff and (ways := self.ways(self.staff[who])):
            return Holder(self.staff[who], ways, who)
        return Holder(desk, ways) if (ways := self.ways(desk)) else None

    def ways(self, reach: Reach) -> tuple[NotificationChannel, ...]:
        """The channels that are set up and by which somebody can be reached, the preferred first."""
        return tuple(way for way in reach.ways if way in self._channels)

    def _coordinator(self) -> Holder:
        seats = self.contacts.seats(None, StaffRole.coordinator)
        desks = (self.contacts.desk(seat) for seat in seats)
        return next(
            Holder(desk, ways, stands_in=True) for desk in desks if (ways := self.ways(desk))
        )  # `mistakes` sees to it that there is one


def load_directory(
    config_dir: Path, agencies: Agencies, channels: Collection[NotificationChannel] = EVERY_CHANNEL
) -> Directory:
    """Reads and checks the files of people and addresses. ValueError says what is wrong in which, and what to do."""
    people = load_contacts(config_dir, agencies), load_staff(config_dir), load_on_call(config_dir)
    webhooks, chats = load_webhooks(config_dir), load_chats(config_dir)
    directory = Directory(*people, channels, webhooks=webhooks, chats=chats)
    if wrong := next(mistakes(directory, agencies), None):
        raise ValueError(wrong)
    return directory


def mistakes(directory: Directory, agencies: Agencies) -> Iterator[str]:
    """What can never be right: names that lead nowhere, a coordinator who can only be reached by a schedule."""
    for person in directory.staff.values():
        if person.agency not in agencies.ids:
            yield f"staff.yaml: {person.id}: {person.agency} is not in agencies.yaml"
    yield from _wrong_names(directory, agencies)
    for schedule in directory.schedules.values():
        for who in sorted(schedule.named - set(directory.staff)):
            yield f"on-call.yaml: {schedule.id}: {who} is not in staff.yaml"
    for agency, desks in directory.contacts.contacts.items():
        for desk in desks:
            if desk.on_call and desk.on_call not in directory.schedules:
                yield f"contacts.yaml: {agency}: {desk.on_call} is not in on-call.yaml"
            if not desk.on_call and not directory.ways(desk):
                yield f"contacts.yaml: {agency}: {desk.name} can only be reached by a channel that is not set up"
    coordinators = directory.contacts.contacts[directory.contacts.coordinator]
    if not any(desk.role is StaffRole.coordinator and directory.ways(desk) for desk in coordinators):
        yield "contacts.yaml: the coordinator's desk needs an address of its own: it is where all falls that nobody else has"


def _wrong_names(directory: Directory, agencies: Agencies) -> Iterator[str]:
    """Webhooks and rooms of no agency, and those that another's desk or person names: it would tell strangers."""
    endpoints, rooms = directory.webhooks.by_id, directory.chats.by_id
    for file, known in (("webhooks.yaml", endpoints), ("chats.yaml", rooms)):
        for one in known.values():
            if one.agency not in agencies.ids:
                yield f"{file}: {one.id}: {one.agency} is not in agencies.yaml"
    owners: list[tuple[str, Reach]] = [(person.agency, person) for person in directory.staff.values()]
    owners += [(agency, desk) for agency, desks in directory.contacts.contacts.items() for desk in desks]
    for agency, reach in owners:
        if reach.webhook and (reach.webhook not in endpoints or endpoints[reach.webhook].agency != agency):
            yield f"{reach.webhook} is no address of {agency} in webhooks.yaml"
        if reach.chat and (reach.chat not in rooms or rooms[reach.chat].agency != agency):
            yield f"{reach.chat} is no room of {agency} in chats.yaml"


def gaps(directory: Directory, begin: datetime, end: datetime) -> Iterator[str]:
    """When a schedule names nobody who can be reached: the desk itself is told then, or the coordinator."""
    for schedule in directory.schedules.values():
        for shift in schedule.shifts(begin, end):
            if shift.who not in directory.staff:
                who = f"{shift.who!r} is not in staff.yaml" if shift.who else "nobody"
                yield f"{schedule.id}: {who}, from {shift.begin:%F %H:%M} to {shift.end:%F %H:%M} UTC"
