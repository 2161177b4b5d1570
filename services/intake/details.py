"""What identifies people, with a limit on each field. Pure."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import FailFast, Field

from shared.events.facts import Frozen

Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Field(max_length=2_000)]
Narrative = Annotated[str, Field(max_length=20_000)]
T = TypeVar("T")
Listed = Annotated[tuple[T, ...], Field(max_length=50), FailFast()]
"""A list that is given up at its first wrong entry: a hundred thousand of them would hold the door for a second."""


class Victim(Frozen):
    """The person the referral is about."""

    names: Listed[Line] = Field((), description="every name the person goes by")
    birth_date: date | None = None
    address: Paragraph | None = None
    phone: Line | None = None
    email: Line | None = None
    other: Paragraph | None = Field(None, description="anything else that helps to find or recognize the person")


class ReporterDetails(Frozen):
    """Who tells it, as far as they wish to say."""

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    relation: Paragraph | None = Field(None, description="how they know the person")


class Suspect(Frozen):
    """Who is suspected, as far as known."""

    names: Listed[Line] = ()
    description: Paragraph | None = None
    whereabouts: Paragraph | None = Field(None, description="addresses, vehicles, phone numbers, accounts")


class Details(Frozen):
    """What identifies people. Kept apart from the facts and never sent to a topic. Every field may be left out."""

    narrative: Narrative | None = Field(None, description="what happened, in the referrer's words")
    place: Paragraph | None = Field(None, description="where it happens")
    victim: Victim | None = None
    reporter: ReporterDetails | None = None
    safe_contact: Paragraph | None = Field(None, description="how, when and where to reach someone without danger")
    suspect: Suspect | None = None
