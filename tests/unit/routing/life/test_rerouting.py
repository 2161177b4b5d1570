"""Who is asked next, by fallbacks other than those shipped."""

from __future__ import annotations

from dataclasses import replace

from services.routing.life.turn import Decided
from services.routing.rules.book import Fallback, RuleBook
from services.routing.turns.answers import answer
from shared.agencies import AgencyKind
from shared.events import agency as told
from shared.testing import builders
from tests.unit.routing.cases import AT, Answers, accept, adult, book, complete, routed


def declined(before: Decided, agency: str, rules: RuleBook) -> list[str]:
    """Who has an open part after the agency declined under these rules."""
    event = builders.answer(told.AgencyDeclined, agency, before.referral.id, number=9, reason="no_capacity")
    decided = answer(before.referral, agency, event, rules, AT)
    assert isinstance(decided, Decided)
    return [one.agency for one in decided.referral.open_assignments]


def falling_back(*to: str) -> RuleBook:
    return replace(book(), fallback={AgencyKind.police: Fallback("police_did_not_take_it", to)})


def test_the_first_of_the_fallbacks_that_may_be_asked_is_asked() -> None:
    before = routed(**adult())
    assert declined(before, "hartford-pd", falling_back("windsor-pd", "coordinator")) == ["cca", "windsor-pd"]


def test_a_fallback_that_is_excluded_or_has_a_part_already_is_passed_over() -> None:
    before = routed(**adult(excluded_agencies=("dcf",)))
    assert "dcf" not in declined(before, "hartford-pd", falling_back("dcf", "advocates", "windsor-pd"))
    assert "windsor-pd" in declined(before, "hartford-pd", falling_back("dcf", "advocates", "windsor-pd"))


def test_without_any_fallback_the_coordinator_takes_over_when_nobody_is_left() -> None:
    before = Answers().all(routed(**adult()), accept("cca"), complete("cca"))
    assert declined(before, "hartford-pd", replace(book(), fallback={})) == ["coordinator"]
