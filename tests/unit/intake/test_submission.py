"""What a body may hold, and what is said about one that does not fit."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from services.intake.example import REFERRAL
from services.intake.parsing import parse
from services.intake.submission import SubmittedFacts
from shared.problems import Problem, ProblemKind
from shared.vocabulary import Channel, SexExploitation, Town

AGENCIES = ("cca", "coordinator", "dcf", "hartford-pd")


def body(**changes: Any) -> bytes:
    """The example with some facts changed; None takes one out."""
    referral = copy.deepcopy(REFERRAL)
    referral["facts"] |= changes
    referral["facts"] = {name: value for name, value in referral["facts"].items() if value is not None}
    return json.dumps(referral).encode()


def refused(raw: bytes) -> tuple[ProblemKind, list[tuple[str, str]]]:
    with pytest.raises(Problem) as caught:
        parse(raw, AGENCIES, 2026)
    return caught.value.kind, [(fix.field, fix.fix) for fix in caught.value.errors]


def test_the_example_is_accepted() -> None:
    submission = parse(body(), AGENCIES, 2026)
    assert submission.facts.channel is Channel.api
    assert submission.details is not None


def test_facts_alone_are_enough_and_only_the_reporter_is_required() -> None:
    assert parse(b'{"facts": {"reporter": "self"}}', AGENCIES, 2026).details is None


def test_a_channel_may_be_told() -> None:
    assert parse(body(channel="phone"), AGENCIES, 2026).facts.channel is Channel.phone


def test_a_term_given_twice_counts_once() -> None:
    facts = parse(body(sex_exploitation=["pornography"] * 3, other_towns=["windsor", "windsor"]), AGENCIES, 2026).facts
    assert facts.sex_exploitation == (SexExploitation.pornography,)
    assert facts.other_towns == (Town.windsor,)


@pytest.mark.parametrize(
    ("changes", "field", "fix"),
    [
        ({"reporter": None}, "facts.reporter", "give this field, it is required"),
        ({"reporter": "neighbor"}, "facts.reporter", "use one of: law_enforcement, service_provider, "),
        ({"gender": "unrecognized"}, "facts.gender", "use one of: female, male, "),
        ({"race_ethnicity": ["white", "unrecognized"]}, "facts.race_ethnicity", "use one of: american_indian"),
        ({"other_towns": ["windsor", "boston"]}, "facts.other_towns[1]", "use one of: hartford, "),
        ({"other_towns": "windsor"}, "facts.other_towns", "give a list in square brackets"),
        ({"immediate_danger": "true"}, "facts.immediate_danger", "give true or false, without quotes"),
        ({"birth_year": "2012"}, "facts.birth_year", "give a whole number, without quotes"),
        ({"birth_year": 1850}, "facts.birth_year", "give 1900 or more"),
        ({"birth_year": 2027}, "facts.birth_year", "give a year that is not in the future"),
        ({"minor": "yes"}, "facts", "give birth_year, or age_band and minor, not both"),
        ({"birth_year": None, "age_band": "under_12", "minor": "no"}, "facts", "age_band and minor do not fit together"),
        ({"excluded_agencies": ["dcf", "no-such-pd"]}, "facts.excluded_agencies[1]", "use one of: cca, coordinator, dcf, "),
        ({"immigration_status": "none of our business"}, "facts", "take out the field that is not described"),
    ],
)
def test_what_does_not_fit_is_named_with_how_to_mend_it(changes: dict[str, Any], field: str, fix: str) -> None:
    kind, [(named, advice)] = refused(body(**changes))
    assert kind is ProblemKind.invalid
    assert named == field
    assert advice.startswith(fix)
    assert "unrecognized" not in advice


@pytest.mark.parametrize("told", [{}, {"birth_year": 2012}, {"age_band": "under_12"}, {"age_band": "under_12", "minor": "yes"}])
def test_an_age_may_be_told_in_one_way_or_not_at_all(told: dict[str, Any]) -> None:
    assert parse(body(**{"birth_year": None} | told), AGENCIES, 2026).facts.model_fields_set >= told.keys()


@pytest.mark.parametrize(
    ("details", "field", "fix"),
    [
        ({"narrative": "x" * 20_001}, "details.narrative", "give at most 20000 characters"),
        ({"victim": {"names": ["x" * 201]}}, "details.victim.names[0]", "give at most 200 characters"),
        ({"victim": {"names": ["x"] * 51}}, "details.victim.names", "give at most 50 entries"),
        ({"victim": {"birth_date": "2012-02-30"}}, "details.victim.birth_date", "give a date that exists, as YYYY-MM-DD"),
        ({"victim": {"birth_date": 20120228}}, "details.victim.birth_date", "give a date "),
        ({"reporter": {"ssn": "x"}}, "details.reporter", "take out the field that is not described"),
        ({"safe_contact": ["x"]}, "details.safe_contact", "give text in quotes"),
        ({"suspect": "x"}, "details.suspect", "give an object in curly brackets"),
    ],
)
def test_every_detail_has_a_limit_and_a_form(details: dict[str, Any], field: str, fix: str) -> None:
    raw = json.dumps({"facts": {"reporter": "self"}, "details": details}).encode()
    kind, [(named, advice)] = refused(raw)
    assert (kind, named) == (ProblemKind.invalid, field)
    assert advice.startswith(fix)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"facts": }', b"\xff\xfe{}", b'{"facts": {"reporter": "\xff"}}', b"[" * 5000, b"NaN x"]
)
def test_what_is_not_json_is_told_apart_from_what_does_not_fit(raw: bytes) -> None:
    assert refused(raw) == (ProblemKind.malformed_json, [])


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"text"', b"12"])
def test_a_body_that_is_no_object_is_named_as_the_body(raw: bytes) -> None:
    assert refused(raw) == (ProblemKind.invalid, [("body", "give an object in curly brackets")])


def test_a_list_is_given_up_at_its_first_wrong_entry() -> None:
    kind, errors = refused(body(other_towns=["nowhere"] * 5000))
    assert (kind, [field for field, _ in errors]) == (ProblemKind.invalid, ["facts.other_towns[0]"])


@pytest.mark.parametrize(
    "name", [name for name, field in SubmittedFacts.model_fields.items() if "tuple" in str(field.annotation)]
)
def test_every_list_has_a_limit_and_is_given_up_early(name: str) -> None:
    for long in ([0] * 5000, ["x"] * 5000):
        _, errors = refused(body(**{name: long}))
        assert len(errors) == 1


def test_twenty_errors_are_listed_at_most() -> None:
    _, errors = refused(body(excluded_agencies=[f"no-such-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]))
    assert len(errors) == 20
