"""Every row of the routing table, by the rules as shipped."""

from __future__ import annotations

import pytest

from services.routing.rules.decision import Decision, decide
from services.routing.rules.rule import Ask, Rule, Rules
from shared.testing import builders
from shared.vocabulary import AssignmentRole, Town, Urgency
from tests.unit.routing.cases import adult, book, child, decision, roles


def test_immediate_danger_goes_to_the_towns_police_and_the_coordinator_as_critical() -> None:
    decided = decision(**adult(immediate_danger=True))
    assert {"hartford-pd": "lead", "coordinator": "coordination"}.items() <= roles(decided).items()
    assert decided.urgency == "critical"


@pytest.mark.parametrize("minor", ["yes", "unknown"])
def test_a_minor_or_possible_minor_goes_to_dcf_and_the_advocates_and_the_police_of_both_towns(minor: str) -> None:
    decided = decision(**child(minor=minor, town_of_residence="windsor"))
    assert roles(decided) == {"dcf": "child_protection", "cca": "advocate", "hartford-pd": "lead", "windsor-pd": "support"}
    assert decided.urgency == "high"
    assert {"dcf_oral_report", "dcf_begins", "advocate_contact"} <= set(decided.clocks)


def test_the_police_of_a_minors_residence_are_asked_once_where_it_is_the_same_town() -> None:
    assert roles(decision(**child(town_of_residence="hartford")))["hartford-pd"] == "lead"


def test_a_minor_whose_residence_has_no_police_on_the_bus_goes_to_the_coordinator_too() -> None:
    assert "coordinator" in roles(decision(**child(town_of_residence="elsewhere")))


@pytest.mark.parametrize("told", [{"age_band": "from_12_to_14"}, {"missing_child": True}])
def test_what_speaks_for_a_child_counts_more_than_the_answer_that_it_is_none(told: dict[str, object]) -> None:
    assert "dcf" in roles(decision(**adult(**told)))


def test_a_term_of_a_newer_version_for_minor_counts_as_unknown_and_a_person_reads_it() -> None:
    assert {"dcf", "coordinator"} <= set(roles(decision(**adult(minor="unrecognized"))))


def test_an_adult_reported_by_somebody_else_goes_to_the_towns_police_and_an_advocate() -> None:
    decided = decision(**adult())
    assert roles(decided) == {"hartford-pd": "lead", "cca": "advocate"}
    assert decided.urgency == "routine"


def test_an_adult_who_reports_for_themself_goes_to_an_advocate_and_not_to_the_police() -> None:
    assert roles(decision(**adult(reporter="self"))) == {"cca": "advocate"}


def test_an_adult_who_reports_for_themself_reaches_the_police_with_consent() -> None:
    assert roles(decision(**adult(reporter="self", police_consent="yes"))) == {"cca": "advocate", "hartford-pd": "lead"}


def test_an_adult_who_reports_for_themself_reaches_the_police_in_immediate_danger() -> None:
    assert roles(decision(**adult(reporter="self", immediate_danger=True)))["hartford-pd"] == "lead"


def test_several_towns_do_not_bring_in_police_that_the_adult_did_not_consent_to() -> None:
    decided = decision(**adult(reporter="self", other_towns=("windsor", "manchester")))
    assert roles(decided) == {"cca": "advocate"}


def test_a_provider_without_release_reaches_the_coordinator_alone() -> None:
    decided = decision(**adult(reporter="service_provider", release="not_given", trafficking_type="labor", language="vi"))
    assert roles(decided) == {"coordinator": "coordination"}
    assert decided.consult
    assert decided.reasons == ("without_release",), "not even the language is told by a reason"


def test_a_provider_without_release_reports_a_minor_all_the_same() -> None:
    decided = decision(**child(reporter="service_provider", release="not_given"))
    assert {"dcf", "cca", "hartford-pd"} <= set(roles(decided))
    assert not decided.consult


def test_a_provider_without_release_brings_police_and_coordinator_in_immediate_danger_and_nobody_else() -> None:
    decided = decision(**adult(reporter="service_provider", release="not_given", immediate_danger=True))
    assert roles(decided) == {"hartford-pd": "lead", "coordinator": "coordination"}


@pytest.mark.parametrize(
    "told", [{"trafficking_type": "labor"}, {"trafficking_type": "both"}, {"labor_exploitation": ("begging",)}]
)
def test_labor_trafficking_goes_to_the_coordinator_besides(told: dict[str, object]) -> None:
    assert roles(decision(**adult(**told))) == {"hartford-pd": "lead", "cca": "advocate", "coordinator": "coordination"}


def test_of_several_towns_the_police_of_one_lead_and_the_others_support() -> None:
    decided = decision(**adult(other_towns=("windsor", "hartford", "manchester")))
    assert roles(decided) == {"hartford-pd": "lead", "cca": "advocate", "windsor-pd": "support", "manchester-pd": "support"}


def test_an_unknown_town_goes_to_the_coordinator() -> None:
    assert roles(decision(**adult(town_of_exploitation="unknown"))) == {"cca": "advocate", "coordinator": "coordination"}


def test_outside_the_eight_towns_goes_to_the_coordinator_and_for_a_minor_to_dcf_all_the_same() -> None:
    assert roles(decision(**adult(town_of_exploitation="elsewhere"))) == {"cca": "advocate", "coordinator": "coordination"}
    assert {"dcf", "coordinator"} <= set(roles(decision(**child(town_of_exploitation="elsewhere"))))


def test_an_excluded_agency_is_not_asked_and_the_coordinator_decides() -> None:
    decided = decision(**adult(excluded_agencies=("hartford-pd",)))
    assert roles(decided) == {"cca": "advocate", "coordinator": "coordination"}
    assert "agency_excluded" in decided.reasons
    assert decided.barred == {"hartford-pd": "excluded"}


def test_the_coordinator_cannot_be_left_out_and_learns_of_the_wish() -> None:
    decided = decision(**adult(excluded_agencies=("coordinator",)))
    assert "coordinator" in roles(decided)
    assert "coordinator_excluded" in decided.reasons
    assert decided.barred == {}


def test_unsafe_contact_and_language_travel_as_reasons_with_every_offer() -> None:
    decided = decision(**adult(safe_contact="unsafe", language="vi"))
    for offer in decided.offers:
        assert {"unsafe_contact", "interpreter_needed"} <= set(offer.reasons)


def test_what_no_rule_names_an_agency_for_goes_to_the_coordinator() -> None:
    decided = decision(**adult(reporter="self", excluded_agencies=("cca",), town_of_exploitation="hartford"))
    assert roles(decided) == {"coordinator": "coordination"}
    without_rules = book().rules.__class__((), book().rules.unmatched, "0" * 12)
    empty = decide(builders.facts(**adult()), without_rules, book().agencies)
    assert (roles(empty), empty.reasons) == ({"coordinator": "coordination"}, ("unmatched",))


def test_every_rule_that_names_an_agency_is_among_its_reasons_and_the_highest_urgency_counts() -> None:
    decided = decision(**child(immediate_danger=True, trafficking_type="labor"))
    assert reasons(decided, "hartford-pd") == ("immediate_danger", "possible_minor")
    assert reasons(decided, "coordinator") == ("immediate_danger", "labor")
    assert decided.urgency == "critical"


def reasons(decided: Decision, agency: str) -> tuple[str, ...]:
    return next(offer.reasons for offer in decided.offers if offer.agency == agency)


@pytest.mark.parametrize("town", [t for t in Town.terms() if t not in ("elsewhere", "unknown")])
def test_each_of_the_eight_towns_has_its_police(town: str) -> None:
    lead = [agency for agency, role in roles(decision(**adult(town_of_exploitation=town))).items() if role == "lead"]
    assert lead == [book().agencies.police_of(Town(town))]


def test_not_even_unmatched_asks_whoever_is_left_out() -> None:
    """Its file lets it ask the coordinator alone; this holds whatever it would ask."""
    nobody = Rules((), Rule("unmatched", (), (Ask("windsor-pd", AssignmentRole.lead),), Urgency.routine), "000000000000")
    facts = builders.facts(**adult(excluded_agencies=("windsor-pd",)))
    assert decide(facts, nobody, book().agencies).offers == ()
