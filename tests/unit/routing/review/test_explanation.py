"""Why a case goes where it goes, as it is explained."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from services.routing.review.explanation import Explanation, explain
from services.routing.rules.decision import decide
from shared.events.facts import Facts
from shared.testing import builders
from tests.unit.routing.cases import ANY_FACTS, AT, adult, begun, book, child, routed


def explained(**told: Any) -> Explanation:
    return explain(builders.facts(**told), book(), AT)


def test_each_rule_that_holds_is_told_with_the_facts_by_which_it_does() -> None:
    assert {one.rule: dict(one.because) for one in explained(**adult(trafficking_type="labor")).reasons} == {
        "adult_third_party": {"possibly_minor": False, "reports_for_self": False, "without_release": False},
        "labor": {"labor_involved": True},
    }


def test_rules_that_a_consult_silences_are_told_apart_from_those_that_count() -> None:
    told = explained(**adult(reporter="service_provider", release="not_given", trafficking_type="labor"))
    assert ([one.rule for one in told.reasons], [one.rule for one in told.silenced]) == (["without_release"], ["labor"])


def test_who_is_not_asked_is_told_with_the_rules_that_named_it() -> None:
    (excluded,) = explained(**child(excluded_agencies=("cca",))).not_asked
    assert (excluded.agency, excluded.because, excluded.named_by) == ("cca", "excluded", ("possible_minor",))
    silent = explained(**adult(reporter="self", other_towns=("windsor",))).not_asked
    assert [one.agency for one in silent if one.named_by == ("several_towns",)] == ["windsor-pd"]


@given(ANY_FACTS)
def test_an_explanation_says_what_is_decided(facts: Facts) -> None:
    told, decision = explain(facts, book(), AT), decide(facts, book().rules, book().agencies)
    assert [(one.agency, one.role, one.reasons) for one in told.asked] == list(decision.offers)
    assert [one.rule for one in told.reasons] == list(decision.reasons)
    assert {one.agency: one.because for one in told.not_asked} == decision.barred


def test_the_times_are_those_of_the_clocks_that_start() -> None:
    told: dict[str, Any] = {"minor": "yes", "immediate_danger": True, "town_of_exploitation": "hartford"}
    started = begun(routed(**told))
    shown = explain(builders.facts(**told), book(), AT)
    assert {(one.clock, one.due) for one in started if one.agency is None} == set(shown.clocks)
    assert {(one.agency, one.due) for one in started if one.agency} == {(one.agency, one.answer_by) for one in shown.asked}
