"""Chat rooms: which addresses are taken, whose rooms they are, and what an answer means."""

import shutil
from pathlib import Path

import pytest

from services.notifications.channels.chat import trouble_of
from services.notifications.channels.chat_address import plugin_of
from services.notifications.directory.directory import load_directory
from services.notifications.notices.attempt import Trouble
from shared.agencies import load_agencies

CONFIG = Path("config")


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("ntfys://ntfy.example/referrals", "NotifyNtfy"),
        ("ntfys://user:pass@ntfy.example:8443/referrals?priority=high", "NotifyNtfy"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "NotifySlack"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "NotifySlack"),
        (
            "https://prod-1.westus.logic.azure.com:443/workflows/3a6/triggers/manual/paths/invoke?api-version=2016-06-01"
            "&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=sIgNaTuRe",
            "NotifyWorkflows",
        ),
        ("https://chat.googleapis.com/v1/spaces/room/messages?key=one&token=two", "NotifyGoogleChat"),
        ("mmosts://chat.example/3ccdd113474722377935511fc85d3dd4", "NotifyMattermost"),
        ("rockets://webhook/token@chat.example/room", "NotifyRocketChat"),
        ("zulip://bot@organisation/a6k4m8f9d0c1b2e3a6k4m8f9d0c1b2e3/stream", "NotifyZulip"),
        ("pover://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "NotifyPushover"),
    ],
)
def test_addresses_are_taken_as_the_services_show_them(address: str, service: str) -> None:
    assert type(plugin_of(address)).__name__ == service


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "syslog://",
        "dbus://",
        "json://127.0.0.1/",
        "jsons://intranet.example/",
        "mailto://user:pass@example.org",
        "ntfy://ntfy.example/referrals",
        "http://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "https://somewhere.example/",
        "slack://",
        "ntfys://",
        "",
        "nothing",
    ],
)
def test_no_other_service_is_spoken_to(address: str) -> None:
    with pytest.raises(ValueError, match=r"chat service|has not all the parts"):
        plugin_of(address)


@pytest.mark.parametrize(
    "option",
    ["verify=no", "redirect=yes", "template=/etc/passwd", "attach=file:///etc/passwd", "to=others", "rto=600", "retry=9"],
)
def test_no_option_turns_a_message_elsewhere_or_loosens_a_rule(option: str) -> None:
    with pytest.raises(ValueError, match="may not have options besides") as error:
        plugin_of(f"ntfys://ntfy.example/secret-topic?{option}")
    assert "secret-topic" not in str(error.value)


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (200, None),
        (204, None),
        (302, Trouble.deferred),
        (400, Trouble.refused),
        (403, Trouble.refused),
        (404, Trouble.refused),
        (410, Trouble.refused),
        (408, Trouble.deferred),
        (429, Trouble.deferred),
        (500, Trouble.deferred),
        (503, Trouble.deferred),
    ],
)
def test_what_an_answer_means(status: int, trouble: Trouble | None) -> None:
    assert trouble_of(status) is trouble


@pytest.mark.parametrize(
    ("rooms", "complaint"),
    [
        ("rooms: [{id: night, agency: nowhere}]", "chats.yaml: night: nowhere is not in agencies.yaml"),
        ("rooms: [{id: night, agency: cca}]", "night is no room of dcf in chats.yaml"),
        ("rooms: [{id: other, agency: dcf}]", "night is no room of dcf in chats.yaml"),
        ("rooms: [{id: night, agency: dcf}, {id: night, agency: cca}]", "a name is there twice"),
        ("rooms: [{id: night, agency: dcf, address: 'slack://'}]", "chats.yaml: rooms.0.address: "),
    ],
)
def test_a_desk_is_told_in_a_room_of_its_own_agency_only(tmp_path: Path, rooms: str, complaint: str) -> None:
    shutil.copytree(CONFIG, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "contacts.yaml"
    path.write_text(path.read_text().replace("address: duty@dcf.example", "address: duty@dcf.example, chat: night"))
    (tmp_path / "chats.yaml").write_text(rooms)
    with pytest.raises(ValueError, match=complaint):
        load_directory(tmp_path, load_agencies(CONFIG))
