"""Contacts: a mistake in the file stops the start with a sentence that says what to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notifications.directory.contacts import Seat, load_contacts
from shared.agencies import load_agencies
from shared.vocabulary import StaffRole

CONFIG = Path("config")
AGENCIES = load_agencies(CONFIG)


def written(folder: Path, change: Any) -> Path:
    document = yaml.safe_load((CONFIG / "contacts.yaml").read_text())
    change(document["contacts"])
    (folder / "contacts.yaml").write_text(yaml.safe_dump(document))
    return folder


def test_every_agency_that_ships_has_a_duty_recipient() -> None:
    contacts = load_contacts(CONFIG, AGENCIES)
    for agency in AGENCIES.ids:
        assert [seat.agency for seat in contacts.seats(agency, StaffRole.duty)] == [agency]


def test_an_agency_that_nobody_would_be_told_for_is_refused_by_name_with_what_to_add(tmp_path: Path) -> None:
    folder = written(tmp_path, lambda contacts: contacts.pop("manchester-pd"))
    with pytest.raises(ValueError, match=r"told for manchester-pd: .* Add one under `manchester-pd:`"):
        load_contacts(folder, AGENCIES)


def test_a_supervisor_alone_does_not_do(tmp_path: Path) -> None:
    folder = written(tmp_path, lambda contacts: contacts["dcf"].pop(0))
    with pytest.raises(ValueError, match=r"told for dcf: it has no recipient of role duty"):
        load_contacts(folder, AGENCIES)


def test_without_a_coordinator_there_is_nobody_to_fall_back_on(tmp_path: Path) -> None:
    folder = written(tmp_path, lambda contacts: contacts["coordinator"].pop(1))
    with pytest.raises(ValueError, match=r"told for coordinator: it has no recipient of role coordinator"):
        load_contacts(folder, AGENCIES)


def test_an_agency_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, lambda contacts: contacts.update({"hartfrod-pd": contacts["dcf"]}))
    with pytest.raises(ValueError, match=r"hartfrod-pd is not in agencies.yaml"):
        load_contacts(folder, AGENCIES)


@pytest.mark.parametrize("address", ["duty", "duty@", "a b@x.example", "duty@x.example\r\nBcc: y@z.example", "<d@x.example>"])
def test_an_address_that_is_none_is_refused_at_its_place_without_repeating_it(tmp_path: Path, address: str) -> None:
    folder = written(tmp_path, lambda contacts: contacts["dcf"][0].update(address=address))
    with pytest.raises(ValueError, match=r"contacts.yaml: contacts.dcf.0.address") as caught:
        load_contacts(folder, AGENCIES)
    assert address not in str(caught.value)


def test_a_file_without_structure_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "contacts.yaml").write_text("- just\n- a list\n")
    with pytest.raises(ValueError, match=r"contacts.yaml: this is not a list of names and values"):
        load_contacts(tmp_path, AGENCIES)


def test_a_role_nobody_holds_falls_to_the_coordinator() -> None:
    contacts = load_contacts(CONFIG, AGENCIES)
    [seat] = contacts.seats("an-agency-of-tomorrow", StaffRole.supervisor)
    assert (seat.agency, seat.role) == ("coordinator", StaffRole.coordinator)
    assert contacts.desk(seat).address == "coordinator@taskforce.example"


def test_a_corrected_address_is_used_for_notices_that_wait(tmp_path: Path) -> None:
    folder = written(tmp_path, lambda contacts: contacts["dcf"][0].update(address="desk@dcf.example"))
    seat = Seat(agency="dcf", role=StaffRole.duty)
    assert load_contacts(folder, AGENCIES).desk(seat).address == "desk@dcf.example"


def test_a_seat_that_is_gone_is_filled_by_whoever_is_left() -> None:
    contacts = load_contacts(CONFIG, AGENCIES)
    assert contacts.desk(Seat(agency="dcf", role=StaffRole.duty, number=3)).address == "duty@dcf.example"


@pytest.mark.parametrize(
    ("duty", "supervisor", "together"),
    [
        ({}, {}, False),
        ({"address": "one@dcf.example"}, {"address": "one@dcf.example"}, True),
        ({"address": "one@dcf.example"}, {"address": "one@dcf.example", "phone": "+18605550100"}, False),
        ({"address": "one@dcf.example", "on_call": "nights"}, {"address": "one@dcf.example", "on_call": "nights"}, True),
        ({"address": "one@dcf.example", "on_call": "nights"}, {"address": "one@dcf.example", "on_call": "days"}, False),
        ({"address": "one@dcf.example", "on_call": "nights"}, {"address": "two@dcf.example", "on_call": "nights"}, False),
        ({"address": "one@dcf.example", "on_call": "nights"}, {"address": "one@dcf.example"}, False),
    ],
)
def test_two_desks_are_told_together_only_where_the_same_people_read_both_at_all_times(
    tmp_path: Path, duty: dict[str, str], supervisor: dict[str, str], *, together: bool
) -> None:
    def change(contacts: Any) -> None:
        for desk, what in zip(contacts["dcf"], (duty, supervisor), strict=True):
            desk.update(what)

    contacts = load_contacts(written(tmp_path, change), AGENCIES)
    first, second = (Seat(agency="dcf", role=role) for role in (StaffRole.duty, StaffRole.supervisor))
    assert (contacts.mailbox(first) == contacts.mailbox(second)) is together
