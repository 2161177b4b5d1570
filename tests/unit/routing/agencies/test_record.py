"""Reading what agencies write never fails; what cannot be read says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.agencies.record import AgencyRecord, Refused, reading
from services.routing.agencies.rejections import rejection
from shared.events.agency import AgencyAccepted, AgencyDeclined, OutboxEvent
from shared.events.codec import MAX_BYTES, Codec, encode
from shared.events.routing import AgencyEventRejected
from shared.testing import builders
from shared.vocabulary import Rejection
from tests.unit.routing.cases import AT

READ = reading(Codec(OutboxEvent, newer=False))
EVENT = builders.answer(AgencyDeclined, "cca", reason="no_capacity")
GOOD: dict[str, Any] = json.loads(encode(EVENT))


@dataclass
class Record:
    value: bytes | None
    key: bytes | None = str(EVENT.subject).encode()
    topic: str = "p.agencies.cca.outbox"
    partition: int = 0
    offset: int = 7


def refused(record: Record) -> Refused:
    content = READ(record).content
    assert isinstance(content, Refused)
    return content


def changed(**attributes: Any) -> bytes:
    return json.dumps(GOOD | attributes).encode()


def test_an_event_of_the_contract_is_read_with_the_agency_whose_topic_it_is() -> None:
    record = READ(Record(encode(EVENT)))
    assert (record.agency, record.content) == ("cca", EVENT)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Rejection.unreadable),
        (b"", Rejection.unreadable),
        (b"\xff\xfe", Rejection.unreadable),
        (b"[" * 5000, Rejection.unreadable),
        (b" " * (MAX_BYTES + 1), Rejection.too_large),
        (b"[]", Rejection.bad_schema),
        (changed(type="org.rhtrt.agency.vanished.v1"), Rejection.unknown_type),
        (changed(data={"reason": "we are on strike"}), Rejection.bad_schema),
        (changed(data={}), Rejection.bad_schema),
        (changed(Note="no name of an attribute"), Rejection.bad_schema),
        (changed(data_base64="AA=="), Rejection.bad_schema),
        (changed(note={"no": "single value"}), Rejection.bad_schema),
        (changed(note=1.5), Rejection.bad_schema),
        (changed(data={"reason": "no_capacity", "note": "a field that nobody knows"}), Rejection.bad_schema),
        (changed(traceparent="00-ab-cd-01", data={}), Rejection.bad_schema),
        (changed(source="/agencies/dcf"), Rejection.wrong_source),
        (changed(source="the advocates"), Rejection.wrong_source),
    ],
)
def test_what_is_no_event_of_this_agency_is_refused_with_the_reason(value: bytes | None, reason: Rejection) -> None:
    assert refused(Record(value)).reason is reason


@pytest.mark.parametrize("value", ["00-4bf92f3577b34da6-00f067aa0ba902b7-01", 7, True, None])
def test_extension_attributes_of_the_agencys_client_are_dropped(value: object) -> None:
    assert READ(Record(changed(traceparent=value, sequence="0000000009", dataschema="https://example.org/"))).content == EVENT


@given(st.dictionaries(st.text(alphabet="abcdefgh0123456789", min_size=3), st.text() | st.integers() | st.booleans()))
def test_no_extension_attribute_whatever_its_name_changes_what_is_read(extensions: dict[str, object]) -> None:
    assert READ(Record(json.dumps(extensions | GOOD).encode())).content == EVENT


def test_a_key_that_is_not_the_subject_is_refused() -> None:
    assert refused(Record(encode(EVENT), key=b"another")).reason is Rejection.wrong_key
    assert refused(Record(encode(EVENT), key=None)).reason is Rejection.wrong_key


def test_the_id_of_a_refused_event_goes_back_where_it_could_be_read() -> None:
    assert refused(Record(changed(data={}))).id == EVENT.id
    assert refused(Record(changed(data={}, id="seven"))).id is None
    assert refused(Record(b"[1]")).id is None


@given(value=st.binary(max_size=300) | st.text().map(str.encode), key=st.none() | st.binary(max_size=40))
def test_reading_never_fails(value: bytes, key: bytes | None) -> None:
    assert isinstance(READ(Record(value, key)), AgencyRecord)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.sampled_from(list(GOOD)), inner)
    )
)
def test_reading_never_fails_on_any_json_and_its_rejection_can_be_written(document: object) -> None:
    value = json.dumps(GOOD | document if isinstance(document, dict) else document).encode()
    record = READ(Record(value))
    assert rejection(record, Rejection.bad_schema, "inbox", AT)["outbox"]


def test_a_rejection_names_reason_and_event_and_goes_to_that_agencys_inbox() -> None:
    document = rejection(READ(Record(encode(EVENT))), Rejection.not_open, "p.agencies.cca.inbox", AT)
    (entry,) = document["outbox"]
    event: Any = Codec(AgencyEventRejected).decode(bytes(entry["body"]))
    assert entry["topics"] == ["p.agencies.cca.inbox"]
    assert (event.subject, event.data.event, event.data.reason, event.data.agency) == (
        EVENT.subject,
        EVENT.id,
        "not_open",
        "cca",
    )


def rejection_id(value: bytes, topic: str = "p.agencies.cca.outbox", offset: int = 7) -> UUID:
    return READ(Record(value, topic=topic, offset=offset)).rejection_id


def test_the_same_event_has_one_rejection_however_often_it_is_sent_and_another_agencys_its_own() -> None:
    accepted = encode(builders.answer(AgencyAccepted, "cca"))
    assert rejection_id(accepted, offset=7) == rejection_id(accepted, offset=8)
    assert rejection_id(accepted) != rejection_id(accepted, topic="p.agencies.dcf.outbox")


def test_without_a_readable_id_the_place_of_the_record_tells_rejections_apart() -> None:
    assert rejection_id(b"x", offset=7) == rejection_id(b"x", offset=7) != rejection_id(b"x", offset=8)
