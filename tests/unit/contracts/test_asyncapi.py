"""Each service's AsyncAPI document is valid, complete, and says what the code does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from shared.contracts.asyncapi import document_text
from shared.contracts.channels import AGENCY, CHANNELS, KINDS, SERVICES, channels_of, writer_of
from shared.service import Service
from shared.settings import ServiceSettings
from shared.topics import OUTBOX_READER, READERS, all_topics

PARTIES = (*SERVICES, AGENCY)
OFFICIAL = Draft7Validator(json.loads((Path(__file__).parents[2] / "asyncapi-3.0.0.json").read_text()))


def document(party: str) -> Any:
    return json.loads(document_text(party))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from references(part)


def resolved(root: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        root = root[step]
    return root


@pytest.mark.parametrize("party", PARTIES)
def test_the_document_is_valid_by_asyncapis_own_schema(party: str) -> None:
    assert [f"{error.json_path}: {error.message[:200]}" for error in OFFICIAL.iter_errors(document(party))] == []


def test_asyncapis_own_schema_refuses_a_wrong_document() -> None:
    wrong = document("intake")
    wrong["operations"]["send.referralsIntake"]["action"] = "shout"
    assert not OFFICIAL.is_valid(wrong)


@pytest.mark.parametrize("party", PARTIES)
def test_every_reference_leads_somewhere_in_the_document(party: str) -> None:
    described = document(party)
    found = list(references(described))
    assert found
    assert all(resolved(described, reference) for reference in found)


@pytest.mark.parametrize("party", PARTIES)
def test_every_message_has_a_payload_its_example_fits(party: str) -> None:
    described = document(party)
    for name, message in described["components"]["messages"].items():
        if name != "deadLetter":
            schema = described | {"$ref": message["payload"]["$ref"]}
            [made_up] = message["examples"]
            assert [error.message for error in Draft7Validator(schema).iter_errors(made_up["payload"])] == []
            assert message["name"] == name


def sent_and_received(party: str, action: str) -> set[tuple[str, str]]:
    """(topic, event) pairs of a document's operations of one direction."""
    described = document(party)
    return {
        (resolved(described, operation["channel"]["$ref"])["address"], reference["$ref"].split("/messages/")[1])
        for operation in described["operations"].values()
        if operation["action"] == action
        for reference in operation["messages"]
        if not reference["$ref"].endswith("deadLetter")
    }


def test_every_event_is_sent_by_its_one_writer_and_received_by_somebody() -> None:
    sent = {party: sent_and_received(party, "send") for party in PARTIES}
    received = set[tuple[str, str]]().union(*(sent_and_received(party, "receive") for party in PARTIES))
    assert set[tuple[str, str]]().union(*sent.values()) == received
    for name, kind in KINDS.items():
        for channel in channels_of(kind):
            assert [party for party in PARTIES if (channel.address, name) in sent[party]] == [writer_of(kind)]


def test_nobody_but_routing_and_the_agencies_uses_an_agencys_topics() -> None:
    for party in PARTIES:
        own = {topic for action in ("send", "receive") for topic, _ in sent_and_received(party, action)}
        assert any(topic.startswith("agencies.") for topic in own) is (party in {"routing", AGENCY})


def test_the_table_names_the_topics_and_groups_that_are_provisioned() -> None:
    topics = {topic.name for topic in all_topics(["{agency}"])}
    assert {channel.address for channel in CHANNELS} < topics
    groups = {group for channel in CHANNELS for group in channel.readers if group != AGENCY}
    assert groups == {OUTBOX_READER, *(group for readers in READERS.values() for group in readers)}
    described = {channel["address"] for party in PARTIES for channel in document(party)["channels"].values()}
    assert described == topics


def test_an_agency_gets_its_topics_by_its_id() -> None:
    channels = document(AGENCY)["channels"]
    assert {channel["address"] for channel in channels.values()} == {"agencies.{agency}.inbox", "agencies.{agency}.outbox"}
    assert all(channel["parameters"].keys() == {"agency"} for channel in channels.values())


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_serves_its_document_before_anything_is_connected(name: str) -> None:
    service = Service(name, name, ServiceSettings())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service.http), base_url="http://service") as client:
        answer = await client.get("/asyncapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == document(name)
