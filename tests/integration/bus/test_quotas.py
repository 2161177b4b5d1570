"""A quota makes an agency wait, and no other with it."""

from __future__ import annotations

import os

from confluent_kafka import Producer, ThrottleEvent

from shared.bus.cluster import client_configuration
from shared.topics import outbox
from tests.integration.bus.conftest import Command


class Writer:
    """An agency's system that notes how long the broker makes it wait."""

    def __init__(self, bus: Command, agency: str) -> None:
        self.waited = 0.0
        self._topic = bus.access.prefix + outbox(agency)
        configuration = client_configuration(bus.access.outside_settings(agency))
        self._producer = Producer(configuration | {"throttle_cb": self._throttled, "acks": "all", "linger.ms": 0})

    def _throttled(self, event: ThrottleEvent) -> None:
        self.waited += event.throttle_time

    def write(self, kilobytes: int) -> None:
        """Until the broker has it, or makes it wait."""
        for _ in range(kilobytes // 50):
            self._producer.produce(self._topic, os.urandom(50_000), partition=0)
        while len(self._producer) and not self.waited:
            self._producer.poll(0.05)
        self._producer.poll(0)


def test_an_agency_that_writes_more_than_its_quota_is_made_to_wait_and_its_neighbour_is_not(bus: Command) -> None:
    greedy, modest = Writer(bus, "dcf"), Writer(bus, "windsor-pd")
    greedy.write(4_000)
    modest.write(50)
    assert greedy.waited > 0
    assert modest.waited == 0
