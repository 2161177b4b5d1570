"""Which referrals would have gone elsewhere by other rules. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.routing.rule_book import RuleBook
from services.routing.rules import Decision
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
            "reasons": list(self.reasons),
        }


def compare(cases: Iterable[tuple[str, Facts]], old: RuleBook, new: RuleBook) -> Iterator[tuple[str, Difference | None]]:
    """Each case, and what would be different; None where nothing is."""
    for case, facts in cases:
        yield case, difference(case, old.decide(facts), new.decide(facts))


def difference(case: str, before: Decision, after: Decision) -> Difference | None:
    """None where the same agencies are asked for the same parts, as urgently."""
    was, is_ = ({offer.agency: offer.role.value for offer in one.offers} for one in (before, after))
    urgency = None if before.urgency is after.urgency else (before.urgency.value, after.urgency.value)
    if was == is_ and urgency is None:
        return None
    return Difference(
        case,
        added=tuple(sorted(is_.keys() - was.keys())),
        dropped=tuple(sorted(was.keys() - is_.keys())),
        roles=tuple(f"{a}: {was[a]} → {is_[a]}" for a in sorted(was.keys() & is_.keys()) if was[a] != is_[a]),
        urgency=urgency,
        reasons=after.reasons,
    )
