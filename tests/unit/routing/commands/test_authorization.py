"""Who may do what: the whole table, cell by cell, written here once more by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.commands.authorization import TABLE, Actor, may, may_ever, may_see, reader, sees
from services.routing.commands.catalogue import NAMES
from services.routing.commands.forms import Command, Reroute
from services.routing.desk.examples import EXAMPLES
from shared.principal import Principal, Role
from shared.vocabulary import AssignmentStatus, RevokeReason
from tests.unit.routing.cases import child, routed

# Command: coordinator, supervisor of the agency concerned, of another, staff of the agency concerned, of another, analyst.
WANTED = """
accept             yes yes yes yes yes no
decline            yes yes yes yes yes no
progress           yes yes yes yes yes no
complete           yes yes yes yes yes no
service            yes yes yes yes yes no
justice            yes yes yes yes yes no
thriving           yes yes yes yes yes no
victim-assessment  yes yes yes yes yes no
oral-report        yes yes yes yes yes no
written-report     yes yes yes yes yes no
urgency            yes yes yes yes yes no
reroute            yes yes no  no  no  no
agency             yes no  no  no  no  no
revoke             yes no  no  no  no  no
override           yes no  no  no  no  no
exclude            yes no  no  no  no  no
duplicate          yes no  no  no  no  no
close              yes no  no  no  no  no
screen-out         yes no  no  no  no  no
reopen             yes yes yes no  no  no
"""
OWN, OTHER = "hartford-pd", "windsor-pd"
SEATS = (
    Actor("coordinator", Role.coordinator, "1"),
    Actor(OWN, Role.supervisor, "2"),
    Actor(OTHER, Role.supervisor, "3"),
    Actor(OWN, Role.staff, "4"),
    Actor(OTHER, Role.staff, "5"),
    Actor(OWN, Role.analyst, "6"),
)
CELLS = [
    (line.split()[0], seat, cell == "yes")
    for line in WANTED.strip().splitlines()
    for seat, cell in zip(SEATS, line.split()[1:], strict=True)
]


def example(name: str) -> Command:
    """The example of a command; where it names an agency, that is OWN."""
    import json

    return NAMES[name].model_validate_json(json.dumps(EXAMPLES[name]))


@pytest.mark.parametrize(("name", "seat", "wanted"), CELLS, ids=lambda value: str(getattr(value, "role", value)))
def test_the_table_says_for_every_command_and_role_whether_it_may_be_given(name: str, seat: Actor, wanted: bool) -> None:
    command = example(name)
    assert may(seat, command) is wanted
    if not isinstance(command, Reroute):
        assert may_ever(seat, type(command)) is wanted


def test_every_command_is_in_the_table_and_has_an_address_and_an_example() -> None:
    assert set(TABLE) == set(NAMES.values())
    assert set(EXAMPLES) == set(NAMES) == {line.split()[0] for line in WANTED.strip().splitlines()}


@pytest.mark.parametrize(
    ("roles", "agency", "wanted"),
    [
        ({Role.coordinator}, None, ("coordinator", Role.coordinator)),
        ({Role.coordinator, Role.staff}, "cca", ("coordinator", Role.coordinator)),
        ({Role.supervisor, Role.staff}, "cca", ("cca", Role.supervisor)),
        ({Role.staff, Role.analyst}, "cca", ("cca", Role.staff)),
        ({Role.analyst}, "cca", None),
        (set(), "cca", None),
    ],
)
def test_of_several_roles_the_one_that_sees_most_counts(
    roles: set[Role], agency: str | None, wanted: tuple[str, Role] | None
) -> None:
    actor = reader(Principal("x", frozenset(roles), agency), "coordinator")
    assert (actor and (actor.agency, actor.role)) == wanted


@given(status=st.sampled_from([AssignmentStatus(term) for term in AssignmentStatus.terms()]), barred=st.booleans())
def test_an_agency_sees_a_referral_while_its_part_is_open_or_completed_and_never_when_left_out(
    status: AssignmentStatus, barred: bool
) -> None:
    referral = routed(**child()).referral
    part = referral.assignments["hartford-pd"]._replace(status=status)
    bar = {"hartford-pd": RevokeReason.excluded} if barred else {}
    referral = referral._replace(assignments={**referral.assignments, "hartford-pd": part}, barred=bar)
    assert sees("hartford-pd", referral) is (not barred and status in ("offered", "accepted", "in_progress", "completed"))
    assert may_see(SEATS[0], referral)
    assert not may_see(Actor("windsor-pd", Role.supervisor, "x"), referral)
