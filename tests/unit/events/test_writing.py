"""What a writer may not write, and what an error about it may not say."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.contracts.channels import KINDS
from shared.contracts.examples import example
from shared.events.agency import AgencyDeclined
from shared.events.codec import encode
from shared.events.envelope import Envelope, event_id
from shared.events.facts import Facts
from shared.events.outcomes import JusticeOutcome, ServiceOutcome, ThrivingOutcome
from shared.events.routing import AssignmentUpdated
from shared.testing.builders import answer, facts, happened, received
from shared.testing.strategies import events
from shared.vocabulary import DeclineReason, Reporter, Town

MARKERS = st.text(st.sampled_from("QXZJqxzjßЖ"), min_size=6, max_size=30).map(lambda text: f"Ж{text}")  # no agency's id


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_extra_field_is_refused_in_envelope_and_data(name: str) -> None:
    kind = KINDS[name]
    good = example(kind).model_dump()
    with pytest.raises(ValidationError):
        kind.model_validate(good | {"comment": "x"})
    with pytest.raises(ValidationError):
        kind.model_validate(good | {"data": good["data"] | {"comment": "x"}})


def test_an_extra_fact_is_refused() -> None:
    with pytest.raises(ValidationError):
        facts(narrative="x")


@pytest.mark.parametrize("field", [name for name in Facts.model_fields if name not in {"excluded_agencies"}])
def test_an_unknown_term_is_refused_for_every_fact(field: str) -> None:
    wrong: Any = ("clergy",) if isinstance(Facts.model_fields[field].default, tuple) else "clergy"
    with pytest.raises(ValidationError):
        facts(**{field: wrong})


@pytest.mark.parametrize(
    "event",
    [
        received(reporter=Reporter.unrecognized),
        received(other_towns=[Town.windsor, Town.unrecognized]),
        happened(AssignmentUpdated, agency="dcf", facts=facts(reporter=Reporter.unrecognized)),
        answer(AgencyDeclined, "dcf", reason=DeclineReason.unrecognized),
    ],
)
def test_the_readers_term_is_refused_from_every_writer(event: Envelope) -> None:
    with pytest.raises(ValueError, match="no term that a writer may send"):
        encode(event)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_event_cannot_be_changed(name: str) -> None:
    with pytest.raises(ValidationError):
        setattr(example(KINDS[name]), "source", "/routing")  # noqa: B010  # mypy knows that it cannot be set


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ServiceOutcome, {"service": "medical", "status": "provided", "barrier": "cost"}),
        (JusticeOutcome, {"step": "charge"}),
        (JusticeOutcome, {"step": "arrest", "charge": "other_state"}),
        (JusticeOutcome, {"step": "disposition"}),
        (JusticeOutcome, {"step": "arrest", "disposition": "convicted"}),
        (ThrivingOutcome, {"day": 60}),
    ],
)
def test_fields_that_contradict_each_other_are_refused(model: type[BaseModel], values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(values)


@settings(max_examples=60)
@given(events(), MARKERS, st.data())
def test_a_refusal_never_repeats_the_value_it_refuses(event: Any, marker: str, data: st.DataObject) -> None:
    values = event.model_dump()
    inside = data.draw(st.sampled_from([part for part in (values, values["data"], values["data"].get("facts")) if part]))
    field = data.draw(st.sampled_from(sorted(inside)))
    inside[field] = data.draw(st.sampled_from([marker, [marker], {"a": marker}, (marker, 1), {"agency": [marker]}]))
    with pytest.raises(ValidationError) as refused:
        type(event).model_validate(values)
    assert marker not in str(refused.value)
    assert marker not in repr(refused.value)


@given(st.uuids(), st.integers(1, 10**9))
def test_an_id_is_the_same_however_often_it_is_made_and_differs_by_each_part(referral: Any, sequence: int) -> None:
    made = event_id("/intake", str(referral), sequence)
    assert made == event_id("/intake", str(referral), sequence)
    assert made not in {event_id("/routing", str(referral), sequence), event_id("/intake", str(referral), sequence + 1)}


def test_absent_attributes_are_left_out_and_the_sequence_has_ten_digits() -> None:
    raw = encode(received(sequence=7))
    assert b"null" not in raw
    assert b'"sequence":"0000000007"' in raw
