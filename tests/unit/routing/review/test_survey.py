"""Every case that the rules can tell apart is looked at, and what is wrong with rules is found."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from services.routing.review.case_space import CaseSpace
from services.routing.review.findings import Fault, findings
from services.routing.review.survey import Survey, survey
from services.routing.rules.book import RuleBook, load_rule_book
from shared.events.facts import Facts
from tests.unit.routing.cases import ANY_FACTS, book
from tests.unit.routing.rules.books import change, copy_of_config, with_rules

COORDINATOR = {"to": "coordinator", "role": "coordination"}


@cache
def space() -> CaseSpace:
    return CaseSpace(book().rules, book().agencies)


@cache
def signatures() -> set[tuple[bool, ...]]:
    return {space().signature(facts) for facts in space()}


def surveyed(rules: RuleBook, every: int = 11) -> Survey:
    """Of one case in eleven, to be quick: what is wrong here is wrong in many."""
    return survey(islice(CaseSpace(rules.rules, rules.agencies), 0, None, every), rules)


def faults(rules: RuleBook) -> dict[str, Fault]:
    return {finding.about: finding.fault for finding in findings(rules, surveyed(rules))}


@given(ANY_FACTS)
def test_any_facts_whatever_are_like_one_of_the_cases(facts: Facts) -> None:
    assert space().signature(facts) in signatures()


def test_by_the_shipped_rules_every_case_has_an_owner_and_there_is_nothing_to_mend() -> None:
    found = surveyed(book(), every=1)
    assert (found.cases, found.ownerless, found.left_to_unmatched) == (len(space()), [], 0)
    assert findings(book(), found) == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (
            {"when": {"possibly_minor": True, "minor": "no", "age_band": "from_35_to_54", "missing_child": False}},
            Fault.unreachable,
        ),
        ({"when": {"town_unknown": True, "town_of_exploitation": "windsor"}}, Fault.unreachable),
        ({"when": {"police_may_know": False}, "offer": [{"to": "hartford-pd", "role": "lead"}]}, Fault.contradiction),
        (
            {"when": {"town_unknown": True}, "offer": [{"to": "police of town_of_exploitation", "role": "lead"}]},
            Fault.contradiction,
        ),
    ],
)
def test_a_rule_that_never_holds_or_never_asks_anyone_is_found(tmp_path: Path, rule: dict[str, Any], fault: Fault) -> None:
    assert faults(with_rules(tmp_path, {"id": "wrong", "offer": [COORDINATOR]} | rule)) == {"wrong": fault}


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ({"when": {"labor_involved": True}, "offer": [{"to": "windsor-pd", "role": "lead"}]}, "two agencies lead"),
        ({"when": {"consult_only": True}, "clocks": ["dcf_begins", "advocate_contact"], "consult": True,
          "offer": [{"to": "dcf", "role": "support"}]}, "starts dcf_begins where nobody is asked"),
        ({"when": {"without_release": True}, "consult": True, "offer": [COORDINATOR]}, "are not asked where wrong makes"),
    ],
)  # fmt: skip
def test_rules_that_hold_together_and_cannot_both_be_meant_are_found_with_an_example(
    tmp_path: Path, rule: dict[str, Any], what: str
) -> None:
    without = ("without_release",) if rule["when"] == {"consult_only": True} else ()
    rules = with_rules(tmp_path, {"id": "wrong"} | rule, without=without)
    found = [one for one in findings(rules, surveyed(rules)) if one.fault is Fault.contradiction]
    assert any(what in one.what for one in found)
    for one in found:
        Facts.model_validate_json(one.what.partition("for example ")[2])


def test_a_kind_without_a_fallback_is_a_gap(tmp_path: Path) -> None:
    folder = copy_of_config(tmp_path)
    fallback = [
        {"id": "police_did_not_take_it", "from": "police", "to": ["coordinator"], "why": "The coordinator finds another."}
    ]
    change(folder, "rules.yaml", fallback=fallback)
    assert faults(load_rule_book(folder)) == {"advocates": Fault.gap, "child_protection": Fault.gap}


def test_a_rule_about_one_town_alone_is_not_taken_for_unreachable(tmp_path: Path) -> None:
    rule = {"id": "here", "when": {"town_of_exploitation": "south_windsor"}, "offer": [COORDINATOR]}
    assert faults(with_rules(tmp_path, rule)) == {}


def test_cases_that_no_rule_assigns_are_a_gap_and_no_mistake_since_unmatched_steps_in(tmp_path: Path) -> None:
    rules = with_rules(tmp_path, without=("town_unknown", "adult_third_party"))
    found = surveyed(rules)
    (gap,) = findings(rules, found)
    assert (gap.fault, gap.is_mistake, found.ownerless) == (Fault.gap, False, [])
    assert found.left_to_unmatched > 0
    assert all(rules.decide(facts).reasons[-1] == "unmatched" for facts in found.unmatched)


def test_an_agency_without_staff_and_one_that_no_rule_asks_are_found(tmp_path: Path) -> None:
    agencies = [one.model_dump(mode="json", exclude_defaults=True) for one in book().agencies.agencies]
    agencies[0]["staff"] = ["duty"]
    agencies[1]["staff"] = ["supervisor"]
    folder = copy_of_config(tmp_path)
    change(folder, "agencies.yaml", agencies=agencies)
    assert faults(load_rule_book(folder)) == {agencies[0]["id"]: Fault.no_staff, agencies[1]["id"]: Fault.no_staff}
