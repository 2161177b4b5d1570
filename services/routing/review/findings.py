"""What is wrong with rules that can be read: found by looking at every case they can tell apart. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.routing.review.survey import Survey
from services.routing.rules.book import RuleBook
from shared.agencies import AgencyKind
from shared.events.facts import Facts
from shared.vocabulary import StaffRole


class Fault(StrEnum):
    """Kinds of finding. A `gap` is safe, as `unmatched` steps in; all others are mistakes."""

    unreachable = "unreachable"
    contradiction = "contradiction"
    gap = "gap"
    no_owner = "no_owner"
    no_staff = "no_staff"
    never_asked = "never_asked"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about`: the id of a rule or an agency."""

    fault: Fault
    about: str
    what: str

    @property
    def is_mistake(self) -> bool:
        """Whether the file should not be used like this."""
        return self.fault is not Fault.gap


def findings(book: RuleBook, found: Survey) -> list[Finding]:
    """Everything that is wrong, mistakes first."""
    every = [*_rules(book, found), *_clashes(found), *_agencies(book, found), *_cases(book, found)]
    return sorted(every, key=lambda finding: not finding.is_mistake)


def _rules(book: RuleBook, found: Survey) -> Iterator[Finding]:
    for rule in book.rules.rules:
        if not found.held[rule.id]:
            yield Finding(
                Fault.unreachable,
                rule.id,
                "it never counts: its conditions never hold together, or only in a consult that leaves it out",
            )
        elif rule.asks and not found.asked_by[rule.id]:
            yield Finding(
                Fault.contradiction,
                rule.id,
                "whenever it holds, everybody it names is barred (consent, consult) or nobody: it can never ask anyone",
            )


def _clashes(found: Survey) -> Iterator[Finding]:
    for clash, facts in found.clashes.items():
        yield Finding(Fault.contradiction, clash.about, f"{clash.what}; for example {shown(facts)}")


def shown(facts: Facts) -> str:
    """Coded facts as one can give them to `explain`, without those that are as usual."""
    return facts.model_dump_json(exclude_defaults=True)


def _agencies(book: RuleBook, found: Survey) -> Iterator[Finding]:
    named = {ask.to for rule in book.rules.rules for ask in rule.asks}
    for agency in book.agencies.taking_part:
        needed = (StaffRole.duty, StaffRole.coordinator) if agency.id == book.coordinator else (StaffRole.duty,)
        for role in needed:
            if role not in agency.staff:
                what = f"nobody there is {role.value}: add `{role.value}` to its `staff` in agencies.yaml"
                yield Finding(Fault.no_staff, agency.id, what)
        # Of the police one of each sort stands for all in the survey.
        if agency.kind is not AgencyKind.police and agency.id not in named and not found.reached[agency.id]:
            yield Finding(Fault.never_asked, agency.id, "no rule ever asks it: name it or its kind in a rule")


def _cases(book: RuleBook, found: Survey) -> Iterator[Finding]:
    if found.ownerless:
        yield Finding(Fault.no_owner, book.rules.unmatched.id, f"{len(found.ownerless)} cases or more have no owner")
    for kind in AgencyKind:
        if (
            kind not in (AgencyKind.coordinator, AgencyKind.sandbox)
            and book.agencies.of_kind(kind)
            and kind not in book.fallback
        ):
            yield Finding(Fault.gap, kind.value, "`fallback` does not say who is asked when such an agency does not take it")
    if found.left_to_unmatched:
        yield Finding(
            Fault.gap,
            book.rules.unmatched.id,
            f"no rule asks anybody in {found.left_to_unmatched:,} of {found.cases:,} cases; `unmatched` steps in",
        )
