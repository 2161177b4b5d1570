"""The command: doing it again changes nothing, drift is seen and mended, a revoked agency is out at once and stays out."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError
from aiokafka.errors import KafkaError as ClientError

from shared.broker import Message, Publisher, connection
from shared.bus.cluster import Cluster
from shared.bus.quotas import read_quotas, set_quotas
from shared.bus.rules import Rule
from shared.topics import inbox, outbox
from tests.integration.bus.conftest import Command


def test_applying_again_changes_nothing(bus: Command) -> None:
    assert bus.changes("apply") == []
    assert bus.run("check").returncode == 0


def test_it_is_a_program_of_its_own(bus: Command) -> None:
    command = [sys.executable, "-m", "shared.bus", "check"]
    ended = subprocess.run(command, env=os.environ | bus.environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (0, "bus: 0 differences\n"), ended.stderr


def test_drift_is_seen_by_check_and_mended_by_apply(bus: Command) -> None:
    cluster, prefix = Cluster(bus.access.settings(), bus.access.prefix), bus.access.prefix
    stray = Rule(f"{prefix}dcf", "topic", f"{prefix}referrals.intake", "read")
    cluster.add([stray])
    cluster.delete_users([f"{prefix}windsor-pd"])
    quota = read_quotas(bus.access.settings())[f"{prefix}dcf"]
    set_quotas(bus.access.settings(), {f"{prefix}dcf": (quota, {"producer_byte_rate": 1.0})})
    seen = {(change["action"], change["kind"], change["name"].removeprefix(prefix)) for change in bus.changes("check")}
    assert seen == {("remove", "rule", "dcf"), ("create", "user", "windsor-pd"), ("change", "quota", "dcf")}
    assert bus.run("check").returncode == 1
    assert len(bus.changes("apply")) == 3
    assert read_quotas(bus.access.settings())[f"{prefix}dcf"] == quota
    assert bus.changes("plan") == []


def test_a_rehearsal_changes_nothing_and_an_unknown_agency_or_a_service_is_refused(bus: Command) -> None:
    bus.done("revoke", "dcf", "--dry-run")
    assert bus.changes("plan") == []
    assert bus.run("revoke", "nobody").returncode == 2
    assert bus.run("revoke", "routing").returncode == 2


async def test_a_revoked_agency_that_is_reading_gets_nothing_more_within_five_seconds_and_no_apply_lets_it_in(
    bus: Command,
) -> None:
    topic = bus.access.prefix + inbox("cca")
    routing = Publisher(bus.access.settings("routing"))
    agency = connection(bus.access.outside_settings("cca"))
    consumer = AIOKafkaConsumer(topic, **agency, auto_offset_reset="earliest", group_id=f"{bus.access.prefix}cca.records")
    await consumer.start()
    try:
        await routing.send([Message(topic, b"k", b"before")])
        assert (await consumer.getone()).value == b"before"
        bus.done("revoke", "cca")
        revoked = time.monotonic()
        await routing.send([Message(topic, b"k", b"after")])
        got = await _failure(consumer)
        assert isinstance(got, TopicAuthorizationFailedError | GroupAuthorizationFailedError)
        assert time.monotonic() - revoked < 5
    finally:
        await consumer.stop()
        await routing.stop()
    assert bus.changes("apply") == []
    assert f'"{bus.access.prefix}cca"' in bus.run("check", "--json").stdout
    fresh = AIOKafkaConsumer(topic, **agency)
    assert isinstance(await _start_failure(fresh), ClientError)
    bus.access.passwords.path("cca").unlink()
    bus.done("restore", "cca")
    assert bus.changes("plan") == []
    again = Publisher(bus.access.outside_settings("cca"))
    await again.send([Message(bus.access.prefix + outbox("cca"), b"k", b"back")])
    await again.stop()


async def test_a_new_password_is_needed_by_new_connections_and_leaves_open_ones_alone(bus: Command) -> None:
    topic = bus.access.prefix + outbox("windsor-pd")
    path, old = bus.access.passwords.path("windsor-pd"), connection(bus.access.outside_settings("windsor-pd"))
    open_ = Publisher(bus.access.outside_settings("windsor-pd"))
    await open_.send([Message(topic, b"k", b"before")])
    path.unlink()
    bus.done("rotate", "windsor-pd")
    await open_.send([Message(topic, b"k", b"after")])
    await open_.stop()
    assert await _start_failure(AIOKafkaConsumer(**old)) is not None
    with_new = Publisher(bus.access.outside_settings("windsor-pd"))
    await with_new.send([Message(topic, b"k", b"with the new one")])
    await with_new.stop()


async def _failure(consumer: AIOKafkaConsumer) -> Exception:
    """The error that ends reading; a record would be a leak."""
    try:
        record = await consumer.getone()
    except ClientError as error:
        failure: Exception = error
        return failure
    raise AssertionError(f"read at offset {record.offset}")


async def _start_failure(consumer: AIOKafkaConsumer) -> Exception | None:
    try:
        await consumer.start()
    except ClientError as error:
        failure: Exception = error
        return failure
    finally:
        await consumer.stop()
    return None
