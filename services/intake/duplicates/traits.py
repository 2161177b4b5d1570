"""What may show that two referrals tell of the same person: traits, drawn from the details and made alike. Pure.

Only what belongs to the victim or the suspect counts. A reporter's own phone number is on every referral of a hospital.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, format_number

from services.intake.duplicates.names import sound, tokens

REGION = "US"
_TEXTS = (
    "victim.phone",
    "victim.email",
    "victim.other",
    "victim.address",
    "place",
    "suspect.whereabouts",
    "suspect.description",
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_HANDLE = re.compile(r"(?<![\w.])@([A-Za-z0-9_.]{3,30})")
_SUFFIXES = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "boulevard": "blvd", "court": "ct",
    "place": "pl", "turnpike": "tpke", "highway": "hwy",
}  # fmt: skip
_ENDS = "|".join([*_SUFFIXES, *_SUFFIXES.values()])
_STREET = re.compile(rf"\b(\d+)\s+((?:[a-z]+\s+){{1,3}})({_ENDS})\b")


class Kind(StrEnum):
    """What two referrals can share. The terms are the reasons that people are given."""

    phone = "phone"
    email = "email"
    handle = "handle"
    name_and_age = "name_and_age"
    like_name_and_age = "like_name_and_age"
    name = "name"
    like_name = "like_name"
    birth_date = "birth_date"
    address = "address"
    suspect = "suspect"


class Trait(NamedTuple):
    """One of them, made alike. It names a person as the details do: never store it, only a keyed digest of it."""

    kind: Kind
    value: str


def traits(fields: Mapping[str, Any], age: str | None) -> frozenset[Trait]:
    """All traits in the details (fields by name). `age`: a term for the age group; None where it is not known."""
    return frozenset((*_in_texts(fields), *_of_victim(fields, age), *_of_suspect(fields)))


def _in_texts(fields: Mapping[str, Any]) -> Iterator[Trait]:
    for text in (str(fields[name]) for name in _TEXTS if fields.get(name)):
        for match in PhoneNumberMatcher(text, REGION):
            yield Trait(Kind.phone, format_number(match.number, PhoneNumberFormat.E164))
        for email in _EMAIL.findall(text):
            yield Trait(Kind.email, email.casefold().rstrip("."))
        for handle in _HANDLE.findall(text):
            yield Trait(Kind.handle, handle.casefold().rstrip("."))
        for number, street, suffix in _STREET.findall(re.sub(r"[.,]", " ", text.casefold())):
            yield Trait(Kind.address, f"{number} {' '.join(street.split())} {_SUFFIXES.get(suffix, suffix)}")


def _of_victim(fields: Mapping[str, Any], age: str | None) -> Iterator[Trait]:
    if fields.get("victim.birth_date"):
        yield Trait(Kind.birth_date, str(fields["victim.birth_date"]))
    for parts in _whole(fields.get("victim.names", ())):
        name, like = " ".join(parts), " ".join(sorted(sound(part) for part in parts))
        yield Trait(Kind.name, name)
        yield Trait(Kind.like_name, like)
        if age is not None:
            yield Trait(Kind.name_and_age, f"{name}|{age}")
            yield Trait(Kind.like_name_and_age, f"{like}|{age}")


def _of_suspect(fields: Mapping[str, Any]) -> Iterator[Trait]:
    for parts in _whole(fields.get("suspect.names", ())):
        yield Trait(Kind.suspect, " ".join(sorted(sound(part) for part in parts)))


def _whole(names: Any) -> Iterator[tuple[str, ...]]:
    """Names of two parts and more: half the town shares a first name."""
    return (parts for parts in map(tokens, names) if len(parts) > 1)
