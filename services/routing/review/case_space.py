"""Every case that rules can tell apart: the combinations of coded facts that matter. Pure.

Facts fall into three groups, and every conclusion is drawn from one group alone. Within a group, cases with the same
conclusions in which the same conditions hold are alike, so that one of them stands for all; a test holds this up for
arbitrary facts. What is left is combined in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, get_args

from services.routing.rules.derived import derive
from services.routing.rules.rule import TOWN_FACTS, Rules
from services.routing.rules.when import TERMS
from shared.agencies import Agencies
from shared.events.facts import Facts
from shared.vocabulary import UNRECOGNIZED, Channel, Reporter, Town, Vocabulary

PERSON = ("minor", "age_band", "missing_child", "immediate_danger", "reporter", "release", "police_consent")
KIND = ("trafficking_type", "labor_exploitation", "language")
PLACE = ("town_of_exploitation", "other_towns", "town_of_residence", "excluded_agencies")
_NOTHING_TOLD = Facts(reporter=Reporter.community_member, channel=Channel.web)
_MAY_BE_NEWER = "trafficking_type"  # stands for all facts that can hold a term of a newer version


class CaseSpace:
    """The cases that these rules can tell apart."""

    def __init__(self, rules: Rules, agencies: Agencies) -> None:
        self._agencies = agencies
        conditions = {condition for rule in rules.rules for condition in rule.when if condition.name in Facts.model_fields}
        self._conditions = sorted(conditions, key=lambda condition: (condition.name, sorted(map(str, condition.allowed))))
        self._named = {condition.name for condition in conditions}
        others = tuple(sorted(self._named - {*PERSON, *KIND, *PLACE}))
        groups = [PERSON, (*KIND, *others)]
        self._parts = [self._told_apart(self._all(group)) for group in groups]
        self._parts.append(list(self._places()))

    def __len__(self) -> int:
        """How many cases there are."""
        count = 1
        for part in self._parts:
            count *= len(part)
        return count

    def __iter__(self) -> Iterator[Facts]:
        for parts in product(*self._parts):
            yield _facts(*parts)

    def signature(self, facts: Facts) -> tuple[bool, ...]:
        """What rules see of a case: every conclusion, and whether each of their conditions on a single fact holds."""
        conclusions = derive(facts, self._agencies).values()
        return (*conclusions, *[condition.holds(facts.__dict__) for condition in self._conditions])

    def _told_apart(self, cases: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
        found: dict[tuple[bool, ...], dict[str, Any]] = {}
        for case in cases:
            found.setdefault(self.signature(_facts(case)), case)
        return list(found.values())

    def _all(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        for values in product(*[_values(name) for name in names]):
            yield dict(zip(names, values, strict=True))

    def _places(self) -> Iterator[dict[str, Any]]:
        """Every combination of towns, with nobody left out, the coordinator, all others, or all."""
        towns = self._towns()
        known = [town for town in towns if town is not Town.unknown]
        others = [(), *[(town,) for town in known[1:]], (known[0], known[1]), (known[1], Town.elsewhere)]
        coordinator, ids = self._agencies.coordinator, self._agencies.ids
        excluded = [(), (coordinator,), tuple(id_ for id_ in ids if id_ != coordinator), ids]
        for values in product(towns, others, towns, excluded):
            yield dict(zip(PLACE, values, strict=True))

    def _towns(self) -> list[Town]:
        """Two towns with police of their own, one without, and none: other towns differ only where a rule names them."""
        with_police = [agency.towns[0] for agency in self._agencies.agencies if agency.towns]
        named = [Town(term) for condition in self._conditions if condition.name in TOWN_FACTS for term in condition.allowed]
        return list(dict.fromkeys([*with_police[:2], Town.elsewhere, Town.unknown, *named]))


def _values(name: str) -> Sequence[Any]:
    """What a fact can be. A list is empty, or holds one term."""
    terms = TERMS[name]
    if terms is None:
        return (False, True)
    listed = Facts.model_fields[name].default == ()
    words = [_vocabulary(name)(term) for term in (*terms, *([UNRECOGNIZED] if name == _MAY_BE_NEWER else []))]
    return [(), *[(word,) for word in words]] if listed else words


def _vocabulary(name: str) -> type[Vocabulary]:
    """The vocabulary of a fact, or of the terms in it."""
    annotation: Any = Facts.model_fields[name].annotation
    vocabulary: type[Vocabulary] = get_args(annotation)[0] if get_args(annotation) else annotation
    return vocabulary


def _facts(*parts: Mapping[str, Any]) -> Facts:
    told: dict[str, Any] = {}
    for part in parts:
        told |= part
    return _NOTHING_TOLD.model_copy(update=told)  # a third of the time of validating what is known to be right
