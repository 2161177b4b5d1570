"""One turn of a referral: the state as it changes, and what happened in it, in order. Lives for one pure decision."""

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from services.routing.life.assignments import REFERRAL, Passage, Step, after, aggregate
from services.routing.life.likeness import ALONE, Likeness
from services.routing.life.referral import ENDED, Assignment, Clock, Referral
from services.routing.rules.book import RuleBook
from shared.events.envelope import Event
from shared.events.routing import EscalatedData


class NotAllowed(Exception):
    """A step that the table does not have was taken: a fault in this code."""


class Happening(NamedTuple):
    """An event to be: its type and data. `inbox`: the agency that is told besides; `details`: it may fetch the details."""

    event: type[Event]
    data: BaseModel
    inbox: str | None = None
    details: bool = False


class Decided(NamedTuple):
    """A new state and what happened on the way to it. `likeness`: with other decisions that were made with this one."""

    referral: Referral
    happened: tuple[Happening, ...]
    likeness: Likeness = ALONE


class Turn:
    """Collects changes to `before`, which itself stays as it is. `at` is the time of everything that happens."""

    def __init__(self, before: Referral, at: datetime, book: RuleBook) -> None:
        self.referral = before
        self.at = at
        self.book = book
        self.assignments = dict(before.assignments)
        self.clocks = list(before.clocks)
        self._happened: list[Happening] = []

    def change(self, **fields: Any) -> None:
        """Sets fields of the referral itself."""
        self.referral = self.referral._replace(**fields)

    def pass_on(self, passage: Passage) -> None:
        """Takes the referral along a passage of the table."""
        status = REFERRAL[self.referral.status].get(passage)
        if status is None:
            raise NotAllowed(f"{passage} from {self.referral.status}")
        self.change(status=status)

    def move(self, agency: str, step: Step, **fields: Any) -> Assignment:
        """Takes an assignment one step of the table further."""
        before = self.assignments[agency]
        status = after(before.status, step)
        if status is None:
            raise NotAllowed(f"{step} from {before.status}")
        since = before.since if status is before.status else self.at
        moved = self.assignments[agency] = before._replace(status=status, since=since, **fields)
        return moved

    def note(self, agency: str, **fields: Any) -> Assignment:
        """Sets fields of an assignment that stays where it is."""
        noted = self.assignments[agency] = self.assignments[agency]._replace(**fields)
        return noted

    def tell(self, event: type[Event], data: BaseModel, *, inbox: str | None = None, details: bool = False) -> None:
        """Adds what happened. On referrals.activity always, on the agency's inbox where one is named."""
        self._happened.append(Happening(event, data, inbox, details))
        if isinstance(data, EscalatedData):
            self.change(escalated=self.referral.escalated | {data.agency})

    def running(self, kind: str, agency: str | None = None) -> Clock | None:
        """The clock of this kind (and agency), where it runs."""
        return next((clock for clock in self.clocks if clock.kind == kind and clock.agency == agency), None)

    @property
    def open(self) -> list[str]:
        """The agencies that own a next action now."""
        return [agency for agency, assignment in self.assignments.items() if assignment.is_open]

    def done(self) -> Decided:
        """The new state, with its status drawn from the assignments, and what happened."""
        status = aggregate(self.referral.status, self.assignments.values())
        referral = self.referral._replace(
            status=status,
            escalated=frozenset() if status in ENDED else self.referral.escalated,
            assignments=self.assignments,
            clocks=tuple(self.clocks),
            started=self.referral.started.union(clock.kind for clock in self.clocks),
            sequence=self.referral.sequence + len(self._happened),
        )
        return Decided(referral, tuple(self._happened))
