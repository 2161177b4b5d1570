"""What is posted to agencies' systems, and where connections may go."""

import json
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from services.notifications.channels.channel import Letter
from services.notifications.channels.webhook_message import headers, payload
from services.notifications.directory.webhooks import load_webhooks, read_secrets
from services.notifications.outside.public_address import NotPublic, is_public
from services.notifications.outside.public_network import PublicNetwork
from shared.clock import now
from tests.unit.notifications.texts.test_message import LINKS, NOTICE, RECIPIENT

OLD, NEW = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQ=", "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXc="
ONE = "{id: a, agency: cca, url: 'https://a.example/'}"
LETTER = Letter(NOTICE, RECIPIENT, "dcf-records", now())


@pytest.mark.parametrize("known", [OLD, NEW])
def test_while_a_secret_changes_a_receiver_can_check_with_either(known: str) -> None:
    body = payload(LETTER, LINKS)
    signed = headers([NEW, OLD], NOTICE.id, now(), body)
    said = Webhook(known).verify(body, dict(signed))
    assert said["data"]["notice"] == signed["webhook-id"] == str(NOTICE.id)


def test_the_body_holds_these_coded_facts_and_no_others() -> None:
    said = json.loads(payload(LETTER, LINKS))
    assert set(said) == {"type", "timestamp", "data"}
    assert set(said["data"]) == {"notice", "referral", "urgency", "role", "part", "answer_by", "link", "acknowledge"}
    assert said["type"] == "notice.offered"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
        "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "::",
    ],
)  # fmt: skip
def test_what_is_not_the_internet_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_what_is_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_as_public_as_it_is_by_itself(address: object) -> None:
    inner = ip_address(str(address))
    assert is_public(ip_address(f"::ffff:{inner}")) <= is_public(inner)
    assert is_public(ip_address(int(ip_network("64:ff9b::/96").network_address) + int(inner))) == is_public(inner)


def network(*answers: Sequence[str]) -> tuple[PublicNetwork, list[str]]:
    """A network whose names lead to these addresses, another one at each question."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return PublicNetwork([ip_network("127.0.0.0/30")], resolve), asked


async def test_a_name_with_any_address_inside_is_not_called() -> None:
    guarded, _ = network(["8.8.8.8", "10.0.0.5"])
    with pytest.raises(NotPublic):
        await guarded.connect_tcp("records.example", 443)


async def test_a_name_that_changes_its_address_after_the_look_is_asked_once_and_called_where_it_was_looked_at() -> None:
    guarded, asked = network(["127.0.0.2"], ["10.0.0.5"])
    with pytest.raises(httpcore.ConnectError):
        await guarded.connect_tcp("records.example", 1, timeout=1)
    assert asked == ["records.example"]


async def test_a_name_without_an_address_is_nobody() -> None:
    guarded, _ = network([])
    with pytest.raises(NotPublic):
        await guarded.connect_tcp("records.example", 443)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("endpoints: [{id: a, agency: dcf, url: 'http://records.example/hook'}]", "endpoints.0.url"),
        ("endpoints: [{id: a, agency: dcf, url: 'https://user:pass@records.example/'}]", "endpoints.0.url"),
        (
            "endpoints: [{id: a, agency: cca, url: 'https://a.example/'}, {id: a, agency: dcf, url: 'https://b.example/'}]",
            "twice",
        ),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "webhooks.yaml").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_webhooks(tmp_path)


@pytest.mark.parametrize("written", ["", "\n", f"{NEW}\n{OLD}\n{OLD}\n"])
def test_a_file_has_one_secret_or_two(tmp_path: Path, written: str) -> None:
    (tmp_path / "records").write_text(written)
    with pytest.raises(ValueError, match="write one secret, or two"):
        read_secrets(tmp_path, "records")
