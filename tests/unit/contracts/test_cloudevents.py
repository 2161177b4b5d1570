"""Our bytes read by the official CloudEvents SDK say the same as they do to us."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings

from shared.contracts.channels import KINDS
from shared.contracts.examples import example
from shared.events.codec import Codec, encode
from shared.events.envelope import CONTENT_TYPE, AgencyEvent, Envelope, Event
from shared.outbox import pending
from shared.testing.strategies import events

CORE = {"id", "source", "specversion", "type", "datacontenttype", "dataschema", "subject", "time"}


def through_the_sdk(event: Envelope) -> BaseCloudEvent:
    """As a consumer with the SDK gets it: the record's bytes and headers."""
    return from_kafka(KafkaMessage({"content-type": CONTENT_TYPE.encode()}, None, encode(event)), JSONFormat())


def attributes(event: Envelope) -> dict[str, Any]:
    """What the event says of itself, as it is on the wire, its time as a time."""
    wire: dict[str, Any] = json.loads(encode(event))
    wire.pop("data", None)
    return wire | {"time": datetime.fromisoformat(wire["time"])}


@settings(max_examples=60)
@given(events())
def test_the_sdk_reads_the_same_attributes_and_data(event: Any) -> None:
    read = through_the_sdk(event)
    assert isinstance(read, CloudEvent)
    assert read.get_attributes() == attributes(event)
    assert read.get_data() == json.loads(encode(event))["data"]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_sdk_gives_back_what_it_read_and_we_read_it(name: str) -> None:
    event = example(KINDS[name])
    written = to_structured(through_the_sdk(event), JSONFormat(), key_mapper=lambda one: one.get_subject())
    codec: Codec[Any] = Codec(KINDS[name])
    assert codec.decode(written.value) == event
    assert written.key == str(event.subject)
    assert written.headers == {"content-type": CONTENT_TYPE.encode()}


@pytest.mark.parametrize("kind", [Event, AgencyEvent])
def test_extension_names_follow_the_specification(kind: type[Envelope]) -> None:
    extensions = kind.model_fields.keys() - CORE
    assert extensions >= {"correlationid", "causationid"}
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in extensions)


def test_the_key_is_the_subject() -> None:
    event = example(KINDS["org.rhtrt.assignment.offered.v1"])
    assert isinstance(event, Event)
    assert pending(event, ["referrals.activity"], event.time)["key"] == through_the_sdk(event).get_subject()
