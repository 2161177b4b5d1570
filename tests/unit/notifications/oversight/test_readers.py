"""Who may look into the ledger: every role, with and without an agency."""

import pytest

from services.notifications.oversight.readers import Reader, reader, shown_to
from shared.principal import Principal, Role

C, S, A, N = Role.coordinator, Role.supervisor, Role.staff, Role.analyst


@pytest.mark.parametrize(
    ("roles", "agency", "found"),
    [
        ({C}, None, Reader(None)),
        ({C}, "dcf", Reader(None)),
        ({C, A}, "dcf", Reader(None)),
        ({S}, "dcf", Reader("dcf")),
        ({A}, "dcf", Reader("dcf")),
        ({A, N}, "dcf", Reader("dcf")),
        ({S}, None, None),
        ({A}, None, None),
        ({N}, None, None),
        ({N}, "dcf", None),
        (set(), "dcf", None),
        (set(), None, None),
    ],
)
def test_who_reads_what(roles: set[Role], agency: str | None, found: Reader | None) -> None:
    assert reader(Principal("1", frozenset(roles), agency)) == found


def told(agency: str, sequence: int, kind: str) -> dict[str, object]:
    return {"agency": agency, "sequence": sequence, "kind": kind}


OFFERED, OTHER = told("dcf", 2, "offered"), told("cca", 2, "offered")


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_what_was_taken_from_an_agency_is_shown_to_it_no_more_until_it_is_offered_again(end: str) -> None:
    taken, again = told("dcf", 3, end), told("dcf", 4, "offered")
    assert shown_to(Reader("dcf"), [OFFERED, OTHER]) == [OFFERED]
    assert shown_to(Reader("dcf"), [OFFERED, OTHER, taken]) == []
    assert shown_to(Reader("cca"), [OFFERED, OTHER, taken]) == [OTHER]
    assert shown_to(Reader("dcf"), [OFFERED, taken, again]) == [OFFERED, taken, again]
    assert shown_to(Reader(None), [OFFERED, OTHER, taken]) == [OFFERED, OTHER, taken]


def test_an_agency_that_was_told_nothing_sees_nothing() -> None:
    assert shown_to(Reader("windsor-pd"), [OFFERED, OTHER]) == []
