"""Relay and reader under every order of faults that Hypothesis can think of, on a log and a store in memory.

The real relay, reader and replay run; only Kafka and MongoDB are stood in for, so that thousands of schedules can be tried.
The rule: whatever happens, each key's effects are 1, 2, 3 … in order, each once, and in the end none is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from bson.binary import Binary
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from shared.broker import Message
from shared.clock import now
from shared.delivery.effect import Patience
from shared.delivery.errors import Permanent, Poison, Reason, Unavailable
from shared.delivery.halt import DeadShare
from shared.delivery.order import is_new
from shared.delivery.parking import ParkedEvent, ParkedKey
from shared.delivery.reader import Reader
from shared.delivery.record import Stored
from shared.delivery.replay import Replay
from shared.outbox import Relay

KEYS = ("a", "b")


@dataclass(frozen=True)
class LogRecord:
    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    timestamp: int = 0


class Log:
    """A partition, its publisher and its consumer."""

    def __init__(self) -> None:
        self.records: list[LogRecord] = []
        self.dead: list[Message] = []
        self.committed = self.position = 0
        self.lands: Sequence[bool] | None = None
        self.commit_fails = False

    async def send(self, messages: Sequence[Message]) -> None:
        if messages and messages[0].topic.endswith(".dead"):
            self.dead += messages
            return
        lands, self.lands = self.lands, None
        for index, message in enumerate(messages):
            if lands is None or lands[index % len(lands)]:
                self.records.append(LogRecord("t", 0, len(self.records), message.key or b"", message.value))
        if lands is not None:
            raise Unavailable("unknown")

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.commit_fails:
            self.commit_fails = False
            raise RuntimeError("rebalanced")
        self.committed = offsets[TopicPartition("t", 0)]

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.position = offset


@dataclass(frozen=True)
class Matched:
    matched_count: int


class Store:
    """A collection of documents with outboxes, as the relay uses it."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {key: {"_id": key, "sequence": 0, "stamp": 0, "outbox": []} for key in KEYS}
        self.crash_before_clear = False

    def with_options(self, **_: Any) -> Store:
        return self

    async def update_many(self, them: Any, change: Any) -> Matched:
        if self.crash_before_clear:
            self.crash_before_clear = False
            raise Unavailable("crashed")
        gone = change["$pull"]["outbox"]["id"]["$in"] if "$pull" in change else None
        found = [self.documents[key] for key in them["_id"]["$in"]]
        found = [document for document in found if them.get("stamp") in (None, document["stamp"])]
        for document in found:
            document["outbox"] = [e for e in document["outbox"] if gone is not None and e["id"] not in gone]
        return Matched(len(found))


class MemoryParking:
    """Parking with its rules and without its database."""

    def __init__(self) -> None:
        self.events: dict[bytes, list[ParkedEvent]] = defaultdict(list)
        self.gap_accepted: set[bytes] = set()

    async def parked(self, keys: Iterable[bytes]) -> set[bytes]:
        return {key for key in keys if self.events[key]}

    async def park(self, dead: Sequence[tuple[Stored, Reason]]) -> None:
        for record, reason in dead:
            event = ParkedEvent(record.topic, record.partition, record.offset, reason, record.key or b"", record.value or b"")
            if all(e.offset != event.offset for e in self.events[event.key]):
                self.events[event.key].append(event)

    async def all(self) -> list[ParkedKey]:
        return [ParkedKey(k, tuple(e), k in self.gap_accepted) for k, e in self.events.items() if e]

    async def release(self, key: bytes, event: ParkedEvent, *, gap_accepted: bool = False) -> None:
        self.events[key].remove(event)


class Delivery(RuleBasedStateMachine):
    """Writers append and publish; the network, the processes and the events misbehave; a reader applies."""

    snapshots = Bundle("snapshots")
    at_once = 1
    running: Any = None
    """What says whether the subscriber runs; None: each batch is committed before the next is asked for."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.log, self.store, self.parking = Log(), Store(), MemoryParking()
        self.relay = Relay("machine", self.store, self.log, now)  # type: ignore[arg-type]
        self.effects: dict[str, list[int]] = defaultdict(list)
        self.refused: set[tuple[str, int]] = set()
        self.database_away = False
        self.pauses = cycle([0])
        self.reader = self.started()

    def started(self) -> Reader[tuple[str, int]]:
        return Reader(
            name="machine",
            decode=self.decode,
            apply=self.apply,
            parking=self.parking,  # type: ignore[arg-type]
            publisher=self.log,  # type: ignore[arg-type]
            consumer=lambda: self.log,
            on_halt=lambda: None,
            at_once=self.at_once,
            subscriber=self.running,
            patience=Patience(attempts=1, first_wait=0, longest_wait=0, batch=5, unavailable_wait=0),
            share=DeadShare(least=10**9),
        )

    def decode(self, record: Stored) -> tuple[str, int]:
        key, _, sequence = (record.value or b"").decode().partition(":")
        if (key, -int(sequence)) in self.refused:
            raise Poison(Reason.bad_schema)
        return key, int(sequence)

    async def apply(self, events: Sequence[tuple[str, int]], *, accept_gap: bool = False) -> None:
        for _ in range(next(self.pauses)):
            await asyncio.sleep(0)
        for key, sequence in events:
            if self.database_away:
                self.database_away = False
                raise Unavailable("database")
            if not is_new(len(self.effects[key]), sequence, accept_gap=accept_gap):
                continue
            if (key, sequence) in self.refused:
                raise Permanent
            self.effects[key].append(sequence)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @rule(
        key=st.sampled_from(KEYS),
        refused=st.lists(st.sampled_from(["", "", "", "refused", "unreadable"]), min_size=1, max_size=3),
    )
    def append(self, key: str, refused: list[str]) -> None:
        for how in refused:
            self.append_one(key, how)

    def append_one(self, key: str, refused: str) -> None:
        document = self.store.documents[key]
        document["sequence"] += 1
        document["stamp"] = f"{key}{document['sequence']}"
        n = document["sequence"]
        if refused:
            self.refused.add((key, n if refused == "refused" else -n))
        entry = {"id": f"{key}{n}", "at": now(), "topics": ["t"], "key": key, "body": Binary(f"{key}:{n}".encode())}
        document["outbox"].append(entry)

    @rule(target=snapshots, key=st.sampled_from(KEYS))
    def load(self, key: str) -> dict[str, Any]:
        return copy.deepcopy(self.store.documents[key])

    @rule(document=snapshots)
    def publish_what_was_loaded_a_while_ago(self, document: dict[str, Any]) -> None:
        # Only what is pending still or was published before: an instance that stalled between load and publish.
        self.run(self.relay.publish([document]))

    @rule(key=st.sampled_from(KEYS))
    def publish(self, key: str) -> None:
        self.run(self.relay.publish([copy.deepcopy(self.store.documents[key])]))

    @rule(key=st.sampled_from(KEYS), lands=st.sampled_from([[True], [False], [True, False], [False, True]]))
    def publish_with_unknown_end(self, key: str, lands: list[bool]) -> None:
        self.log.lands = lands
        with contextlib.suppress(Unavailable):
            self.publish(key)
        self.log.lands = None

    @rule(key=st.sampled_from(KEYS))
    def publish_and_crash_before_clear(self, key: str) -> None:
        self.store.crash_before_clear = True
        with contextlib.suppress(Unavailable):
            self.publish(key)
        self.store.crash_before_clear = False

    @rule(
        most=st.integers(1, 6),
        commit_fails=st.booleans(),
        database_away=st.booleans(),
        pauses=st.lists(st.integers(0, 9), min_size=1, max_size=3),
    )
    def consume(self, most: int, commit_fails: bool, database_away: bool, pauses: list[int]) -> None:
        self.run(self.reader.give_back())
        batch = self.log.records[self.log.position : self.log.position + most]
        if batch:
            self.log.commit_fails, self.database_away, self.pauses = commit_fails, database_away, cycle(pauses)
            self.log.position += len(batch)
            self.run(self.reader(batch))

    @rule()
    def rebalance(self) -> None:
        self.run(self.reader.settled())
        self.log.position = self.log.committed

    @rule(most=st.integers(1, 3))
    def restart_that_cuts_off_what_is_under_way(self, most: int) -> None:
        self.run(self.reader.close(0))
        self.consume(most, False, False, [0])
        self.run(self.reader.close(0))
        self.reader, self.log.position = self.started(), self.log.committed

    @rule()
    def replay(self) -> None:
        self.run(self.replay_all())

    async def replay_all(self) -> None:
        async for _ in Replay(self.parking, self.decode, self.apply).run():  # type: ignore[arg-type]
            pass

    @invariant()
    def effects_are_in_order_and_once(self) -> None:
        for effects in getattr(self, "effects", {}).values():
            assert effects == list(range(1, len(effects) + 1))

    def teardown(self) -> None:
        """The causes are mended, the operator replays: everything that was ever written has had its effect."""
        self.refused.clear()
        for key in KEYS:
            self.publish(key)
        self.database_away = False
        self.run(self.reader.settled())
        self.run(self.reader.give_back())
        while self.log.position < len(self.log.records):
            self.consume(6, False, False, [0])
            self.run(self.reader.settled())
            self.run(self.reader.give_back())
        self.run(self.replay_all())
        assert {key: len(self.effects[key]) for key in KEYS} == {k: d["sequence"] for k, d in self.store.documents.items()}
        assert not any(self.parking.events.values()), "an event is still parked"
        assert all(not d["outbox"] for d in self.store.documents.values())
        self.loop.close()


class DeliveryOfSeveral(Delivery):
    """The same with batches that are worked on at the same time."""

    at_once = 3
    running = SimpleNamespace(running=True)


for machine in (Delivery, DeliveryOfSeveral):
    machine.TestCase.settings = settings(max_examples=250, stateful_step_count=30, deadline=None)
TestDelivery = Delivery.TestCase
TestDeliveryOfSeveral = DeliveryOfSeveral.TestCase
