"""What holds for any facts whatever."""

from __future__ import annotations

import timeit

from hypothesis import given, settings

from services.routing.life.disclosure import disclosed
from services.routing.rules.decision import decide, remembering
from services.routing.rules.derived import MEANING, derive
from shared.agencies import AgencyKind
from shared.events.facts import Facts
from shared.testing import builders
from shared.vocabulary import UNRECOGNIZED
from tests.unit.routing.cases import ANY_FACTS, adult, book

POLICE = frozenset(book().agencies.of_kind(AgencyKind.police))


@given(ANY_FACTS)
def test_every_referral_has_an_owner(facts: Facts) -> None:
    assert decide(facts, book().rules, book().agencies).offers


@given(ANY_FACTS)
def test_an_excluded_agency_is_never_asked(facts: Facts) -> None:
    asked = {offer.agency for offer in decide(facts, book().rules, book().agencies).offers}
    assert not asked & (set(facts.excluded_agencies) - {"coordinator"})


@given(ANY_FACTS)
def test_no_agency_is_asked_twice_and_one_police_department_at_most_leads(facts: Facts) -> None:
    offers = decide(facts, book().rules, book().agencies).offers
    assert len({offer.agency for offer in offers}) == len(offers)
    assert sum(offer.role == "lead" for offer in offers) <= 1


@given(ANY_FACTS)
def test_an_adult_who_reports_for_themself_reaches_no_police_without_consent_or_danger(facts: Facts) -> None:
    facts = facts.model_copy(
        update=dict(builders.facts(**adult(reporter="self")))
        | {
            "other_towns": facts.other_towns,
            "town_of_exploitation": facts.town_of_exploitation,
            "trafficking_type": facts.trafficking_type,
            "excluded_agencies": facts.excluded_agencies,
            "release": facts.release,
            "police_consent": "no",
        }
    )
    asked = {offer.agency for offer in decide(facts, book().rules, book().agencies).offers}
    assert not asked & POLICE


@given(ANY_FACTS)
def test_the_same_facts_lead_to_the_same_decision_remembered_or_not(facts: Facts) -> None:
    remembering_ = remembering(book().rules, book().agencies, most=2)
    assert decide(facts, book().rules, book().agencies) == remembering_(facts) == remembering_(facts) == book().decide(facts)


@given(ANY_FACTS)
def test_a_consult_tells_nothing_that_could_identify_the_client(facts: Facts) -> None:
    told = disclosed(facts, consult=True, to_coordinator=True).model_dump(exclude_defaults=True)
    assert not told.keys() & {"race_ethnicity", "age_band", "gender", "language", "town_of_residence", "recruitment"}


@given(ANY_FACTS)
def test_who_is_excluded_is_told_to_the_coordinator_alone(facts: Facts) -> None:
    assert disclosed(facts, consult=False, to_coordinator=False).excluded_agencies == ()
    assert disclosed(facts, consult=False, to_coordinator=True) == facts


def test_terms_of_a_newer_version_are_not_sent_on() -> None:
    newer = builders.facts(
        reporter=UNRECOGNIZED, channel=UNRECOGNIZED, gender=UNRECOGNIZED, means_of_control=("debt_bondage", UNRECOGNIZED)
    )
    told = disclosed(newer, consult=False, to_coordinator=True)
    assert UNRECOGNIZED not in told.model_dump_json()
    assert told.means_of_control == ("debt_bondage",)


@given(ANY_FACTS)
def test_every_conclusion_is_explained(facts: Facts) -> None:
    assert derive(facts, book().agencies).keys() == MEANING.keys()


@settings(deadline=None)
@given(ANY_FACTS)
def test_every_reason_has_a_sentence_for_people(facts: Facts) -> None:
    decided = decide(facts, book().rules, book().agencies)
    for reason in {*decided.reasons, *(reason for offer in decided.offers for reason in offer.reasons)}:
        assert book().why[reason].endswith(".")


def test_a_decision_takes_far_less_than_a_millisecond() -> None:
    facts = builders.facts(**adult(trafficking_type="labor", other_towns=("windsor",)))
    each = min(timeit.repeat(lambda: decide(facts, book().rules, book().agencies), number=200, repeat=5)) / 200
    assert each < 0.0005, "about 0.00003 s where it was written; ten times that is a mistake"


@given(ANY_FACTS)
def test_the_rules_found_at_one_look_are_those_of_which_every_condition_holds(facts: Facts) -> None:
    known = {**facts.__dict__, **derive(facts, book().agencies)}
    one_by_one = [rule for rule in book().rules.rules if all(condition.holds(known) for condition in rule.when)]
    assert book().rules.holding(known) == one_by_one
