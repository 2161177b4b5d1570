"""What a reader bears from a newer writer, and what it refuses from anybody."""

import json
from typing import Any, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.channels import KINDS, type_of
from shared.contracts.examples import example
from shared.delivery.errors import Poison, Reason
from shared.events.agency import AgencyRecordedJustice, AgencyRecordedService, OutboxEvent
from shared.events.codec import MAX_BYTES, Codec, encode
from shared.events.envelope import Envelope
from shared.events.intake import IntakeEvent, ReferralReceived
from shared.events.routing import AssignmentOffered
from shared.testing.builders import answer, received
from shared.testing.strategies import events
from shared.vocabulary import Barrier, Charge, JusticeStep, Reporter, ServiceStatus, Town

EVERY: Codec[Envelope] = Codec(Union[tuple(KINDS.values())])  # noqa: UP007  # a union made at run time
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def document(event: Envelope) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(encode(event))
    return parsed


def decode(value: Any, codec: Codec[Any] = EVERY) -> Any:
    return codec.decode(json.dumps(value).encode())


def read_or_refused(raw: bytes) -> Envelope | Reason:
    try:
        return EVERY.decode(raw)
    except Poison as refused:
        return refused.reason


def reason(raw: bytes | None, codec: Codec[Any] = EVERY) -> Reason:
    with pytest.raises(Poison) as refused:
        codec.decode(raw)
    assert refused.value.__context__ is None  # nothing of the value travels with the error
    return refused.value.reason


@settings(max_examples=60)
@given(events())
def test_every_event_comes_back_as_it_was_written(event: Envelope) -> None:
    assert EVERY.decode(encode(event)) == event


@settings(max_examples=60)
@given(events())
def test_encoding_is_stable_over_a_round_trip(event: Envelope) -> None:
    assert encode(EVERY.decode(encode(event))) == encode(event)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_unknown_field_is_dropped_from_envelope_and_data(name: str) -> None:
    event = example(KINDS[name])
    newer = document(event) | {"tracestate": "x"}
    newer["data"] = newer["data"] | {"added_in_a_later_version": {"deep": [1]}}
    assert decode(newer) == event


def test_an_unknown_field_inside_the_facts_is_dropped() -> None:
    newer = document(received(town_of_exploitation=Town.hartford))
    newer["data"]["facts"]["vehicle"] = "yes"
    assert decode(newer) == received(town_of_exploitation=Town.hartford)


def test_an_unknown_term_becomes_unrecognized_also_inside_a_list() -> None:
    newer = document(received(other_towns=[Town.windsor]))
    newer["data"]["facts"] |= {"reporter": "clergy", "other_towns": ["windsor", "avon"]}
    assert decode(newer).data.facts.reporter is Reporter.unrecognized
    assert decode(newer).data.facts.other_towns == (Town.windsor, Town.unrecognized)


def test_an_unknown_term_is_borne_by_a_codec_of_one_single_event() -> None:
    newer = document(received())
    newer["data"]["facts"]["reporter"] = "clergy"
    assert decode(newer, Codec(ReferralReceived)).data.facts.reporter is Reporter.unrecognized


def test_a_rule_between_fields_bears_an_unknown_term() -> None:
    service = document(answer(AgencyRecordedService, "dcf", service="medical", status="unavailable", barrier="cost"))
    service["data"]["status"] = "postponed"
    justice = document(answer(AgencyRecordedJustice, "hartford-pd", step="charge", charge="other_state"))
    justice["data"]["step"] = "appeal"
    assert (decode(service).data.status, decode(service).data.barrier) == (ServiceStatus.unrecognized, Barrier.cost)
    assert (decode(justice).data.step, decode(justice).data.charge) == (JusticeStep.unrecognized, Charge.other_state)


@pytest.mark.parametrize("term", [5, None, True, ["sex"], {"term": "sex"}])
def test_a_term_that_is_no_text_is_refused(term: Any) -> None:
    wrong = document(received())
    wrong["data"]["facts"]["trafficking_type"] = term
    assert reason(json.dumps(wrong).encode()) is Reason.bad_schema


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (None, Reason.not_json),
        (b"", Reason.not_json),
        (b"{", Reason.not_json),
        (b"\xff\xfe\x00", Reason.not_json),
        (b'{"type": "\\ud800"}', Reason.not_json),
        (b"[" * 500 + b"]" * 500, Reason.not_json),
        (b"[]", Reason.bad_schema),
        (b"null", Reason.bad_schema),
        (b"{}", Reason.bad_schema),
        (b'{"type": "org.rhtrt.referral.received.v99"}', Reason.unknown_type),
        (b'{"type": null}', Reason.unknown_type),
        (b'{"type": "org.rhtrt.referral.received.v1"}', Reason.bad_schema),
        (b" " * (MAX_BYTES + 1), Reason.too_large),
    ],
)
def test_what_is_no_event_of_the_topic_is_refused_with_its_reason(raw: bytes | None, why: Reason) -> None:
    assert reason(raw) is why


def test_the_largest_message_allowed_is_read() -> None:
    raw = encode(received())
    assert EVERY.decode(raw + b" " * (MAX_BYTES - len(raw))) == received()


def test_an_event_of_another_topic_is_of_unknown_type() -> None:
    offered = encode(example(AssignmentOffered))
    assert reason(offered, Codec(IntakeEvent)) is Reason.unknown_type


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", None),
        ("sequence", []),
        ("sequence", {}),
        ("sequence", True),
        ("sequence", 1.5),
        ("sequence", float("inf")),
        ("sequence", "1"),
        ("sequence", "0000000000"),
        ("sequence", "１２３４５６７８９０"),
        ("sequence", "+000000001"),
        ("sequence", 10_000_000_000),
        ("time", 0),
        ("time", "2026-11-02"),
        ("time", "2026-11-02T10:00:00"),
        ("time", "0001-01-01T00:00:00+23:59"),
        ("time", "9999-12-31T23:59:59-23:59"),
        ("id", 7),
        ("subject", "hartford"),
        ("specversion", "0.3"),
        ("datacontenttype", "text/plain"),
        ("source", "/nobody"),
        ("dataref", "https://elsewhere.example/"),
        ("data", []),
    ],
)
def test_an_attribute_of_the_wrong_kind_is_refused(field: str, value: Any) -> None:
    wrong = document(received()) | {field: value}
    assert reason(json.dumps(wrong).encode()) is Reason.bad_schema


@pytest.mark.parametrize(("field", "value"), [("anonymous", "yes"), ("anonymous", 1), ("excluded_agencies", ["A B"])])
def test_a_fact_of_the_wrong_kind_is_refused(field: str, value: Any) -> None:
    wrong = document(received())
    wrong["data"]["facts"][field] = value
    assert reason(json.dumps(wrong).encode()) is Reason.bad_schema


@settings(max_examples=60)
@given(events(), st.data())
def test_whatever_stands_in_a_field_the_reader_reads_it_or_refuses_it(event: Envelope, data: st.DataObject) -> None:
    spoilt = document(event)
    inside = data.draw(st.sampled_from([spoilt, spoilt["data"], spoilt["data"].get("facts", spoilt["data"])]))
    inside[data.draw(st.sampled_from([*inside, "x"]))] = data.draw(JSON)
    assert isinstance(read_or_refused(json.dumps(spoilt).encode()), Envelope | Reason)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert reason(raw) in {Reason.not_json, Reason.bad_schema, Reason.unknown_type}


def test_a_writer_bound_to_our_contract_is_refused_what_it_does_not_hold() -> None:
    ours: Codec[Any] = Codec(OutboxEvent, newer=False)
    good = document(answer(AgencyRecordedService, "dcf", service="medical", status="unavailable", barrier="cost"))
    mistyped = good | {"data": good["data"] | {"barrier": "costs"}}
    chatty = good | {"data": good["data"] | {"note": "x"}}
    assert [type_of(type(decode(good, ours)))] == ["org.rhtrt.agency.service_recorded.v1"]
    assert reason(json.dumps(mistyped).encode(), ours) is Reason.bad_schema
    assert reason(json.dumps(chatty).encode(), ours) is Reason.bad_schema


def test_tolerance_ends_with_the_reading() -> None:
    newer = document(received())
    newer["data"]["facts"]["reporter"] = "clergy"
    decode(newer)
    with pytest.raises(ValueError, match="clergy"):
        Reporter("clergy")
