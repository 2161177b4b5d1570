"""An excluded agency gets nothing anywhere: no topic, no notice, not by a later route, a clock or a change of rules.

From the turn that excludes it, all it is told is that its part was taken back, where it had one.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from services.notifications.directory.directory import load_directory
from services.notifications.notices.notice import NoticeKind
from services.notifications.plan.policy import load_policy
from services.notifications.plan.rules import Rules
from services.notifications.plan.standing import Standing, follow
from services.routing.keeping.journal import Journal
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided
from services.routing.rules.book import RuleBook, make_rule_book, read_files
from services.routing.turns.answers import answer
from services.routing.turns.expiry import run_out
from services.routing.turns.intake import take
from shared.events.agency import OutboxEvent
from shared.events.codec import Codec
from shared.events.facts import Facts
from shared.events.routing import ActivityEvent, AssignmentRevoked
from shared.testing import builders
from shared.testing.strategies import events
from shared.topics import inbox
from shared.vocabulary import Rejection
from tests.unit.routing.cases import ALL_AGENCIES, ANY_FACTS, AT, CONFIG, book

CODEC: Codec[ActivityEvent] = Codec(ActivityEvent)
JOURNAL = Journal("", frozenset(ALL_AGENCIES))
RULES = Rules(load_policy(CONFIG), load_directory(CONFIG, book().agencies))
ANSWERS = st.one_of([events(kind) for kind in get_args(OutboxEvent)])
EXCLUDED = st.lists(st.sampled_from(ALL_AGENCIES), max_size=5, unique=True).map(tuple)


def eager() -> RuleBook:
    """Rules that ask whomever they can: agencies by name in every case, and many fallbacks."""
    files = read_files(CONFIG)
    rules = files[Path("config/rules.yaml")].decode().replace("to: [coordinator]", f"to: [{', '.join(ALL_AGENCIES)}]")
    asks = "".join(f"\n      - {{to: {agency}, role: support}}" for agency in ALL_AGENCIES)
    labor = "when: {labor_involved: true}\n    offer:"
    assert labor in rules
    return make_rule_book(files | {Path("config/rules.yaml"): rules.replace(labor, "offer:" + asks).encode()})


BOOKS = (book(), eager())


class Exclusions(RuleBasedStateMachine):
    """A referral under any supplements, answers, clocks and changes of rules, with exclusions that come and go."""

    referral: Referral

    @initialize(facts=ANY_FACTS, excluded=EXCLUDED, rules=st.sampled_from(BOOKS))
    def received(self, facts: Facts, excluded: tuple[str, ...], rules: RuleBook) -> None:
        self.now, self.book, self.standing = AT, rules, Standing()
        self.excluded: set[str] = set()
        self.check(take(None, builders.received(**self.told(facts, excluded)), rules, AT), had_a_part=set())

    def told(self, facts: Facts, excluded: tuple[str, ...]) -> dict[str, Any]:
        return dict(facts) | {"excluded_agencies": excluded}

    @rule(facts=ANY_FACTS, excluded=EXCLUDED)
    def supplemented(self, facts: Facts, excluded: tuple[str, ...]) -> None:
        event = builders.supplemented(sequence=self.referral.taken + 1, **self.told(facts, excluded))
        self.check(take(self.referral, event, self.book, self.now))

    @rule(more=EXCLUDED)
    def more_are_excluded(self, more: tuple[str, ...]) -> None:
        excluded = tuple(dict.fromkeys((*self.referral.facts.excluded_agencies, *more)))
        self.supplemented(self.referral.facts, excluded)

    @rule()
    def withdrawn(self) -> None:
        self.check(take(self.referral, builders.withdrawn(sequence=self.referral.taken + 1), self.book, self.now))

    @rule(agency=st.sampled_from(ALL_AGENCIES), event=ANSWERS)
    def answered(self, agency: str, event: Any) -> None:
        decided = answer(self.referral, agency, event, self.book, self.now)
        assert agency not in self.excluded or isinstance(decided, Rejection | None) or is_report(event)
        self.check(decided)

    @rule(data=st.data())
    def declined(self, data: st.DataObject) -> None:
        agency = data.draw(st.sampled_from(sorted(one.agency for one in self.referral.open_assignments) or ALL_AGENCIES))
        decline = get_args(OutboxEvent)[1]
        self.answered(agency, data.draw(events(decline)))

    @rule(hours=st.sampled_from([1, 3, 25, 80]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.check(run_out(self.referral, self.book, self.now))

    @rule(rules=st.sampled_from(BOOKS))
    def rules_change(self, rules: RuleBook) -> None:
        self.book = rules

    def check(self, decided: Decided | Rejection | None, had_a_part: set[str] | None = None) -> None:
        if not isinstance(decided, Decided):
            return
        if had_a_part is None:
            had_a_part = {one.agency for one in self.referral.open_assignments}
        self.referral = decided.referral
        before, self.excluded = self.excluded, set(self.referral.facts.excluded_agencies) - {"coordinator"}
        assert not {one.agency for one in self.referral.open_assignments} & self.excluded
        may_learn = had_a_part - before
        for entry in JOURNAL.entries(decided, uuid4(), self.now):
            event = CODEC.decode(entry["body"])
            revoked = isinstance(event, AssignmentRevoked)
            for agency in self.excluded:
                topic = inbox(agency) in entry["topics"]
                assert not topic or (revoked and agency in may_learn), f"{agency}: {event.type}"
            for notice in self.notices(event):
                assert notice.seat.agency not in self.excluded or (
                    notice.kind is NoticeKind.revoked and notice.seat.agency in may_learn
                ), f"{notice.seat.agency}: {event.type}"

    def notices(self, event: ActivityEvent) -> list[Any]:
        """Whom notifications would tell."""
        found = follow([event], {event.subject: self.standing}, RULES, AT)
        self.standing = found.standings[event.subject]
        return found.notices


def is_report(event: Any) -> bool:
    """A mandated report is noted whoever made it, also by an agency whose part is over."""
    return getattr(event.data, "progress", None) in ("oral_report_made", "written_report_filed")


TestExclusions = Exclusions.TestCase
TestExclusions.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
