"""Made-up referrals of which some tell of the same person, told by somebody else: with typing errors, short names, and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

FIRST = (
    "maria", "guadalupe", "jennifer", "elizabeth", "oksana", "fatima", "mohammed", "jose", "chen", "aisha", "natalia",
    "michael", "catherine", "daniel", "rosa", "linh", "yusuf", "samantha", "ivan", "patricia", "nadia", "carlos",
    "deborah", "amina", "victoria", "thomas", "svetlana", "kwame", "ingrid", "pedro",
)  # fmt: skip
LAST = (
    "garcia", "rodriguez", "smith", "johnson", "kowalski", "nguyen", "ivanova", "hassan", "okafor", "martinez", "brown",
    "silva", "petrenko", "ali", "wang", "sanchez", "taylor", "novak", "diallo", "lopez", "murphy", "chowdhury", "santos",
    "kim", "haddad", "phillips", "zielinski", "ortiz", "baker", "mensah",
)  # fmt: skip
SYLLABLES = (
    "ba", "del", "mor", "vin", "ka", "ro", "stan", "per", "li", "gar", "no", "wes", "tan", "dru", "mel", "ho", "fer",
    "qua", "lin", "za", "bren", "to", "mis", "ald", "cor", "ven", "da", "sil",
)  # fmt: skip
COMMON = 0.3
"""So many names are from the lists; others are rarer, as they are among people. The 30 most common surnames of the United
States cover less than a tenth of its people."""
STREETS = ["main", "park", "franklin", "maple", "albany", "capitol", "farmington", "wethersfield", "prospect", "burnside"]
ENDS = (("Street", "St."), ("Avenue", "Ave"), ("Road", "Rd."), ("Drive", "Dr"))
SHORT = {
    "guadalupe": "Lupe", "jennifer": "Jenny", "elizabeth": "Liz", "jose": "Pepe", "michael": "Mike", "daniel": "Dan",
    "catherine": "Katie", "samantha": "Sam", "patricia": "Pat", "victoria": "Vicky", "thomas": "Tom", "deborah": "Debbie",
}  # fmt: skip
OTHERWISE = {
    "oksana": "Oxana", "mohammed": "Muhammad", "yusuf": "Yousuf", "natalia": "Nataliya", "fatima": "Fatimah",
    "kowalski": "Kowalsky", "hassan": "Hasan", "phillips": "Philips", "petrenko": "Petrenco", "zielinski": "Zielinsky",
    "aisha": "Aysha", "svetlana": "Swetlana", "haddad": "Hadad", "sanchez": "Sánchez", "garcia": "García",
}  # fmt: skip
AGES = ("12_to_14", "15_to_17", "18_to_20", "21_to_24", "25_to_34", "35_to_54")


@dataclass(frozen=True)
class Told:
    """One referral: whom it is about, the fields of its details by name, and the age group."""

    person: int
    fields: dict[str, Any]
    age: str | None


@dataclass(frozen=True)
class _Person:
    number: int
    first: str
    last: str
    phone: str
    handle: str
    street: tuple[int, str, tuple[str, str]]
    age: str


def referrals(people: int, twice: int, seed: int) -> list[Told]:
    """One referral about each of the people, and a second one about the first `twice` of them."""
    random = Random(seed)  # made up, not secret
    everybody = [_person(number, random) for number in range(people)]
    return [_first(one) for one in everybody] + [_again(one, random) for one in everybody[:twice]]


def _person(number: int, random: Random) -> _Person:
    street = (random.randint(1, 900), random.choice(STREETS), random.choice(ENDS))
    phone = f"860{random.randint(2000000, 9999999)}"
    first, last = _name(FIRST, 2, random), _name(LAST, 3, random)
    if random.random() < 0.2:
        last += f" {_name(LAST, 3, random)}"
    return _Person(number, first, last, phone, f"user{random.randint(0, 10**6)}", street, random.choice(AGES))


def _name(common: Sequence[str], syllables: int, random: Random) -> str:
    if random.random() < COMMON:
        return random.choice(common)
    return "".join(random.choice(SYLLABLES) for _ in range(syllables))


def _first(person: _Person) -> Told:
    house, street, (long, _) = person.street
    fields = {
        "victim.names": [f"{person.first.title()} {person.last.title()}"],
        "victim.phone": f"({person.phone[:3]}) {person.phone[3:6]}-{person.phone[6:]}",
        "victim.address": f"{house} {street.title()} {long}, Hartford",
        "victim.other": f"on Instagram @{person.handle}",
    }
    return Told(person.number, fields, person.age)


def _again(person: _Person, random: Random) -> Told:
    """What another reporter tells: the name nearly right, and some of the rest."""
    house, street, (_, short) = person.street
    fields: dict[str, Any] = {"victim.names": [_misspelled(person, random)]}
    if random.random() < 0.4:
        fields["victim.phone"] = f"+1 {person.phone[:3]} {person.phone[3:6]} {person.phone[6:]}"
    if random.random() < 0.4:
        fields["place"] = f"she stays at {house} {street.title()} {short} with others"
    if random.random() < 0.3:
        fields["victim.other"] = f"writes as @{person.handle}"
    return Told(person.number, fields, person.age if random.random() < 0.7 else None)


def _misspelled(person: _Person, random: Random) -> str:
    first, last = person.first, person.last
    how = random.random()
    if how < 0.25:
        first = SHORT.get(first, first)
    elif how < 0.5:
        first, last = OTHERWISE.get(first, first), OTHERWISE.get(last, last)
    elif how < 0.65:
        at = random.randrange(1, len(last) - 1)
        last = last[:at] + last[at + 1] + last[at] + last[at + 2 :]
    elif how < 0.8:
        at = random.randrange(1, len(last))
        last = last[:at] + last[at - 1] + last[at:]
    return f"{last.title()}, {first.title()}" if random.random() < 0.3 else f"{first.title()} {last.title()}"
