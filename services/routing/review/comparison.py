"""Which referrals would have gone elsewhere by other rules. Pure."""

from dataclasses import dataclass, field
from typing import Any

from services.routing.rules.book import RuleBook
from services.routing.rules.decision import Decision
from shared.events.facts import Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """One referral that would be decided otherwise. `case`: its id, or its number in a file."""

    case: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    roles: tuple[str, ...]
    """Agencies that would be asked for another part, `AGENCY: BEFORE → AFTER`."""
    urgency: tuple[str, str] | None
    clocks: tuple[str, ...]
    """Clocks that would start besides, `+CLOCK`, or no more, `-CLOCK`."""
    reasons: tuple[str, ...]
    """The new reasons."""

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return {
            "case": self.case,
            "added": list(self.added),
            "dropped": list(self.dropped),
            "roles": list(self.roles),
            "urgency": list(self.urgency) if self.urgency else None,
            "clocks": list(self.clocks),
            "reasons": list(self.reasons),
        }


@dataclass
class Comparison:
    """Counts the cases, and those that two rule books decide otherwise; keeps the first `most` of these."""

    old: RuleBook
    new: RuleBook
    most: int
    cases: int = 0
    different: int = 0
    first: list[Difference] = field(default_factory=list)

    def add(self, case: str, facts: Facts) -> None:
        """Decides one case by both."""
        self.cases += 1
        found = difference(case, self.old.decide(facts), self.new.decide(facts))
        if found:
            self.different += 1
            if len(self.first) < self.most:
                self.first.append(found)


def difference(case: str, before: Decision, after: Decision) -> Difference | None:
    """None where the same agencies are asked for the same parts, as urgently, and the same clocks start."""
    was, is_ = ({offer.agency: offer.role.value for offer in one.offers} for one in (before, after))
    urgency = None if before.urgency is after.urgency else (before.urgency.value, after.urgency.value)
    more, fewer = set(after.clocks) - set(before.clocks), set(before.clocks) - set(after.clocks)
    if was == is_ and urgency is None and not more and not fewer:
        return None
    return Difference(
        case,
        added=tuple(sorted(is_.keys() - was.keys())),
        dropped=tuple(sorted(was.keys() - is_.keys())),
        roles=tuple(f"{a}: {was[a]} → {is_[a]}" for a in sorted(was.keys() & is_.keys()) if was[a] != is_[a]),
        urgency=urgency,
        clocks=(*(f"+{clock}" for clock in sorted(more)), *(f"-{clock}" for clock in sorted(fewer))),
        reasons=after.reasons,
    )
