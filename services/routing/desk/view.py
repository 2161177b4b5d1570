"""A referral as somebody at the desk may see it. Pure. No person is in it; who sees what of it is decided here.

The coordinator sees all. An agency's people see the facts that their offer told, their own part with its reasons, the parts
of agencies that share the referral now, and no sign of one that was left out.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.commands.authorization import Actor, sees
from services.routing.desk.next_actions import next_actions
from services.routing.keeping.queues import Queue, age
from services.routing.life.disclosure import disclosed
from services.routing.life.referral import Assignment, Clock, Likely, Referral, Report
from services.routing.rules.book import RuleBook
from services.routing.rules.derived import possibly_minor
from shared.agencies import AgencyKind
from shared.principal import Role

_BY_A_PERSON = "Decided by a person: the term is the reason that was given."


class View:
    """One referral for one reader."""

    def __init__(self, referral: Referral, reader: Actor, book: RuleBook) -> None:
        self._referral = referral
        self._reader = reader
        self._book = book
        self._all = reader.role is Role.coordinator
        self._parties = {agency for agency in referral.assignments if self._all or sees(agency, referral)}

    def whole(self, now: datetime, linked: Iterable[UUID] = (), likely: Iterable[Likely] = ()) -> dict[str, Any]:
        """Everything the reader may see. Times in ISO 8601.

        `linked`: referrals that people have linked to this one; `likely`: later ones that intake found likely to be the same.
        """
        referral = self._referral
        actions = next_actions(referral, self._book, now)
        seen = {
            "id": str(referral.id),
            "version": referral.version,
            "status": referral.status.value,
            "urgency": referral.urgency.value,
            "received": referral.received.isoformat(),
            "possibly_minor": possibly_minor(referral.facts),
            "facts": self._facts(),
            "assignments": [self._part(one) for one in referral.assignments.values() if one.agency in self._parties],
            "clocks": [_clock(one) for one in referral.clocks if one.agency is None or one.agency in self._parties],
            "next": [
                {"owner": one.owner, "action": one.action.value, "due": one.due.isoformat(), "overdue": one.due < now}
                for one in actions
                if one.owner in {*self._parties, self._book.coordinator}
            ],
            "reports": [self._report(one) for one in referral.reports],
        }
        return seen | (self._for_the_coordinator(linked, likely) if self._all else {})

    def line(self, desk: Mapping[str, Any]) -> dict[str, Any]:
        """One line of a list. `desk` is the stored place in the queues."""
        referral = self._referral
        due = min((c.due for c in referral.clocks if c.agency is None or c.agency in self._parties), default=None)
        mine = referral.assignments.get(self._reader.agency)
        return {
            "id": str(referral.id),
            "version": referral.version,
            "status": referral.status.value,
            "urgency": referral.urgency.value,
            "received": referral.received.isoformat(),
            "trafficking_type": referral.facts.trafficking_type.value,
            "town": referral.facts.town_of_exploitation.value,
            "age": age(referral.facts).value,
            "due": due.isoformat() if due else None,
            "overdue": Queue.overdue in desk["queues"],
            "escalated": Queue.escalated in desk["queues"],
            "my_part": mine.status.value if mine else None,
        }

    def _facts(self) -> dict[str, Any]:
        consult = self._referral.consult and not self._all
        facts = disclosed(self._referral.facts, consult=consult, to_coordinator=self._all)
        return facts.model_dump(mode="json")

    def _part(self, part: Assignment) -> dict[str, Any]:
        seen: dict[str, Any] = {
            "agency": part.agency,
            "role": part.role.value,
            "status": part.status.value,
            "since": part.since.isoformat(),
            "completed": part.completed.value if part.completed else None,
        }
        if self._all or part.agency == self._reader.agency:
            seen["reasons"] = self._explained(part.reasons)
        return seen

    def _report(self, report: Report) -> dict[str, Any]:
        """The reference is for the coordinator, child protection and whoever recorded it."""
        seen = {
            "report": report.kind.value,
            "called_by": report.called_by.value,
            "made_at": report.made_at.isoformat(),
        }
        if report.agency in self._parties or report.agency == self._book.coordinator:
            seen["recorded_by"] = report.agency
        child_protection = self._book.kinds.get(self._reader.agency) is AgencyKind.child_protection
        if report.reference and (self._all or child_protection or report.agency == self._reader.agency):
            seen["reference"] = report.reference
        return seen

    def _for_the_coordinator(self, linked: Iterable[UUID], likely: Iterable[Likely]) -> dict[str, Any]:
        referral = self._referral
        alike = {one.referral: one for one in (*likely, *referral.likely_duplicates)}
        return {
            "reasons": self._explained(referral.reasons),
            "rules_version": referral.rules_version,
            "overridden": referral.overridden,
            "left_out": {agency: reason.value for agency, reason in referral.barred.items()},
            "duplicate_of": str(referral.duplicate_of) if referral.duplicate_of else None,
            "duplicates": [str(one) for one in linked],
            "likely_duplicates": [
                {"referral": str(one.referral), "score": one.score, "reasons": [reason.value for reason in one.reasons]}
                for one in sorted(alike.values(), key=lambda one: -one.score)
            ],
            "escalated": sorted(referral.escalated),
        }

    def _explained(self, reasons: Iterable[str]) -> list[dict[str, str]]:
        return [{"rule": reason, "why": self._book.why.get(reason, _BY_A_PERSON)} for reason in reasons]


def _clock(clock: Clock) -> dict[str, Any]:
    return {"clock": clock.kind.value, "agency": clock.agency, "due": clock.due.isoformat(), "missed": clock.missed}
