"""Who may read which field: every cell of the table, and what the facts say of consent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.intake.access.consents import Consent, consents
from services.intake.access.grants import FIELDS, MESSAGES, Grants, load_grants
from services.intake.access.matrix import CONSENTS, KINDS, cells, table
from services.intake.access.standing import Standing
from shared.agencies import AgencyKind
from shared.events.facts import Facts
from shared.principal import Role
from shared.vocabulary import AssignmentStatus, Channel, Minor, PoliceConsent, Release, Reporter

CONFIG = Path("config")
WRITTEN: dict[str, Any] = yaml.safe_load((CONFIG / "details.yaml").read_text())
GRANTS = load_grants(CONFIG)


def may(role: str, kind: str, held: set[str], field: str) -> bool:
    """The file's meaning, said a second time and as plainly as possible."""
    for grant in WRITTEN["grants"]:
        named = {one for name in grant["fields"] for one in WRITTEN["groups"].get(name, [name])}
        if role in grant["roles"] and kind in grant["kinds"] and set(grant.get("needs", [])) <= held and field in named:
            return True
    return False


def test_every_cell_is_as_the_file_says() -> None:
    tried = 0
    for cell in cells(GRANTS):
        for field in FIELDS:
            assert (field in cell.fields) is may(cell.role, cell.kind, set(cell.held), field)
            tried += 1
    assert tried == len(Role) * len(KINDS) * len(CONSENTS) * len(FIELDS) == 5 * 4 * 8 * 19


def test_an_analyst_reads_nothing_and_the_police_nothing_without_consent() -> None:
    asked = {Consent.released, Consent.police}
    for cell in cells(GRANTS):
        if cell.role is Role.analyst or (cell.kind is AgencyKind.police and not asked <= cell.held):
            assert cell.fields == frozenset()


def test_who_wishes_to_stay_anonymous_is_named_to_nobody() -> None:
    for cell in cells(GRANTS):
        if Consent.named not in cell.held:
            assert not any(field.startswith("reporter.") for field in cell.fields)


def test_without_the_clients_release_nobody_but_child_protection_learns_of_the_client() -> None:
    for cell in cells(GRANTS):
        if Consent.released not in cell.held and cell.kind is not AgencyKind.child_protection:
            left = cell.fields - {MESSAGES} if cell.kind is AgencyKind.coordinator else cell.fields
            assert all(field.startswith("reporter.") for field in left)


def test_messages_are_for_coordinators_and_supervisors_alone() -> None:
    assert {cell.role for cell in cells(GRANTS) if MESSAGES in cell.fields} == {Role.coordinator, Role.supervisor}


def test_the_page_shows_the_table_that_is_in_force() -> None:
    assert table(GRANTS) in Path("docs/security/details-matrix.md").read_text()


@pytest.mark.parametrize("status", list(AssignmentStatus))
def test_an_agency_may_read_while_its_assignment_stands(status: AssignmentStatus) -> None:
    standing = Standing(assignments={"dcf": status})
    stands = status.value in ("offered", "accepted", "in_progress", "completed")
    assert GRANTS.open_to("dcf", standing) is stands
    assert not GRANTS.open_to("cca", standing)


@pytest.mark.parametrize("wrong", [{"roles": ["boss"]}, {"kinds": ["fbi"]}, {"needs": ["all"]}])
def test_a_table_that_names_what_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    good = {"roles": ["staff"], "kinds": ["police"], "fields": ["narrative"]}
    Grants.model_validate({"while": ["offered"], "grants": [good]})
    with pytest.raises(ValidationError):
        Grants.model_validate({"while": ["offered"], "grants": [good | wrong]})


def told(**facts: Any) -> frozenset[Consent]:
    return consents(Facts(**{"reporter": Reporter.family, "channel": Channel.web, "minor": Minor.no} | facts))


@pytest.mark.parametrize(
    ("facts", "police"),
    [
        ({}, True),
        ({"police_consent": PoliceConsent.no}, False),
        ({"reporter": Reporter.self_}, False),
        ({"reporter": Reporter.self_, "police_consent": PoliceConsent.yes}, True),
        ({"reporter": Reporter.self_, "police_consent": PoliceConsent.no, "immediate_danger": True}, True),
        ({"reporter": Reporter.self_, "minor": Minor.yes}, True),
        ({"reporter": Reporter.self_, "minor": Minor.unknown}, True),
        ({"police_consent": PoliceConsent.unrecognized}, False),
    ],
)
def test_the_police_read_with_consent_in_danger_and_about_children(facts: dict[str, Any], police: bool) -> None:
    assert (Consent.police in told(**facts)) is police


def test_a_providers_client_has_to_have_released_and_a_reporter_to_be_named() -> None:
    assert Consent.released in told(release=Release.given)
    assert Consent.released not in told(release=Release.not_given)
    assert Consent.released not in told(release=Release.unrecognized)
    assert Consent.named in told()
    assert Consent.named not in told(anonymous=True)
