"""No subscriber is left to FastStream's defaults, which lose what fails: one place makes them, and states everything."""

import ast
import asyncio

import pytest
from faststream import AckPolicy

from shared.clock import now
from shared.delivery.parking import Parking
from shared.delivery.subscription import keyed, subscribe
from shared.events.codec import Codec
from shared.events.intake import IntakeEvent
from shared.service import Service
from shared.settings import ServiceSettings
from shared.topics import INTAKE
from tests.architecture.tree import CODE, calls, parsed

THE_PLACE = "shared/delivery/subscription.py"
SAFE = {"MANUAL"}
"""The only policy under which nothing is committed but by our own hand; the others commit after a failure, or loop."""


def stated(call: ast.Call) -> dict[str, str]:
    return {word.arg or "": ast.unparse(word.value) for word in call.keywords}


def subscribers() -> list[tuple[str, ast.Call]]:
    return [(file, call) for file, module in parsed(*CODE).items() for name, call in calls(module) if name == "subscriber"]


def test_subscribers_are_made_in_one_place() -> None:
    # One call makes it, one hangs the handler on it.
    assert {file for file, _ in subscribers()} == {THE_PLACE}


def test_every_subscriber_states_group_policy_and_start() -> None:
    made = [stated(call) for _, call in subscribers() if call.keywords]
    assert made
    for words in made:
        assert words["group_id"]
        assert words["ack_policy"].removeprefix("AckPolicy.") in SAFE
        assert words["auto_offset_reset"] == "'earliest'"


@pytest.mark.parametrize("name", ["AIOKafkaProducer", "KafkaBroker", "TestKafkaBroker", "publish_batch"])
def test_nobody_makes_a_client_of_its_own(name: str) -> None:
    made = {file for file, module in parsed(*CODE).items() for called, _ in calls(module) if called == name}
    assert made <= {"shared/broker.py"}


def test_a_bare_consumer_of_topics_is_in_no_group_and_starts_at_the_beginning() -> None:
    consumers = [call for module in parsed(*CODE).values() for name, call in calls(module) if name == "AIOKafkaConsumer"]
    made = [stated(call) for call in consumers if call.args]  # without topics it only asks the broker questions
    for words in made:
        assert (words.get("group_id"), words.get("enable_auto_commit")) == ("None", "False")
        assert words.get("auto_offset_reset") == "'earliest'"


def test_a_subscriber_that_was_made_has_the_policy_that_was_stated() -> None:
    settings = ServiceSettings(instance="one", topic_prefix="t1.")
    service = Service("routing", "Routing", settings)

    async def nothing(events: object, *, accept_gap: bool = False) -> None:
        await asyncio.sleep(0)

    parking: Parking = Parking(service.database["parked"], "routing", now)
    reader = subscribe(
        service.broker,
        settings,
        group="routing",
        topics=[INTAKE],
        decode=keyed(Codec(IntakeEvent)),
        apply=nothing,
        parking=parking,
        publisher=service.publisher,
    )
    assert list(service.broker.subscribers) == [reader.subscriber]
    assert reader.subscriber.ack_policy is AckPolicy.MANUAL
    assert reader.subscriber.group_id == "t1.routing"
    assert [topic.name for topic in reader.subscriber.topics] == ["t1.referrals.intake"]
