"""The certificate of the listener outside: seen before it ends, and renewed while those who are connected read on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer
from prometheus_client import REGISTRY

from deploy.embedded.certificates import BROKER_DAYS, ensure_certificates, renew
from deploy.embedded.ports import HOST, free_port
from shared.broker import Message, Publisher, connection
from shared.bus.certificate import Listener
from shared.bus.cluster import client_configuration
from shared.bus.watch import WatchSettings, look, watch
from shared.topics import inbox
from tests.integration.bus.conftest import Command
from tests.integration.bus.connections import attempt
from tests.waiting import eventually


@pytest.fixture
def listener(bus: Command) -> Listener:
    return Listener(bus.access.outside, bus.access.secrets / "ca.pem")


def value(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(name, labels)
    assert found is not None
    return found


async def test_a_new_certificate_is_shown_without_a_restart_and_who_reads_reads_on(bus: Command, listener: Listener) -> None:
    topic, before = bus.access.prefix + inbox("dcf"), listener.shown()
    routing = Publisher(bus.access.settings("routing"))
    reading = connection(bus.access.outside_settings("dcf"))
    consumer = AIOKafkaConsumer(topic, **reading, auto_offset_reset="earliest", group_id=f"{bus.access.prefix}dcf.records")
    await consumer.start()
    try:
        await routing.send([Message(topic, b"k", b"before")])
        assert (await consumer.getone()).value == b"before"
        renew(bus.access.secrets)
        assert "shows a new certificate" in bus.done("reload-certificate")
        await routing.send([Message(topic, b"k", b"after")])
        assert (await consumer.getone()).value == b"after"
    finally:
        await consumer.stop()
        await routing.stop()
    now = listener.shown()
    assert (now.accepted, now.serial != before.serial) == (True, True)


@contextmanager
def signed_by(authority: Path, bus: Command) -> Iterator[None]:
    """The listener shows a certificate of the authority in this folder, and its old one again afterwards."""
    keystore = bus.access.secrets / "broker.pem"
    kept = keystore.read_bytes()
    keystore.write_bytes((authority / "broker.pem").read_bytes())
    try:
        bus.done("reload-certificate")
        yield
    finally:
        keystore.write_bytes(kept)
        bus.done("reload-certificate")


async def test_who_was_given_both_authorities_reads_on_when_the_new_one_signs(bus: Command, tmp_path: Path) -> None:
    ensure_certificates(tmp_path)
    old, new, both = bus.access.secrets / "ca.pem", tmp_path / "ca.pem", tmp_path / "both.pem"
    both.write_bytes(old.read_bytes() + new.read_bytes())
    topic, routing = bus.access.prefix + inbox("cca"), Publisher(bus.access.settings("routing"))
    reading = connection(bus.access.outside_settings("cca", ca_file=both))
    consumer = AIOKafkaConsumer(topic, **reading, auto_offset_reset="earliest", group_id=f"{bus.access.prefix}cca.records")
    await consumer.start()
    try:
        await routing.send([Message(topic, b"k", b"before")])
        assert (await consumer.getone()).value == b"before"
        with signed_by(tmp_path, bus):
            await routing.send([Message(topic, b"k", b"after")])
            assert (await consumer.getone()).value == b"after"
            let_in = {
                file: attempt(client_configuration(bus.access.outside_settings("cca", ca_file=file))) for file in (both, new)
            }
            assert let_in == {both: "let in", new: "let in"}
            assert attempt(client_configuration(bus.access.outside_settings("cca", ca_file=old))) == "turned away"
    finally:
        await consumer.stop()
        await routing.stop()


def test_a_certificate_that_the_broker_refuses_leaves_the_old_one_and_is_said(bus: Command, listener: Listener) -> None:
    keystore, before = bus.access.secrets / "broker.pem", listener.shown()
    kept = keystore.read_bytes()
    keystore.write_bytes(b"no certificate")
    try:
        refused = bus.run("reload-certificate", "--within", "1")
    finally:
        keystore.write_bytes(kept)
    assert refused.returncode == 1
    assert "shows the certificate that it had" in refused.stderr
    assert listener.shown() == before


@contextmanager
def watching(settings: WatchSettings) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, ended))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


async def test_the_watch_serves_when_the_certificates_end_and_whether_clients_accept_them(listener: Listener) -> None:
    port = free_port()
    settings = WatchSettings(bus_outside=listener.address, bus_ca_file=listener.authority, watch_seconds=0.05, http_port=port)
    started = datetime.now(UTC).timestamp()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
        with watching(settings):

            async def seen() -> bool:
                return value("bus_last_handshake_timestamp_seconds") >= started

            await eventually(seen)
            text = (await client.get("/metrics")).text
    assert 'bus_certificate_expiry_timestamp_seconds{certificate="authority"}' in text
    assert value("bus_certificate_accepted") == 1
    expires = datetime.fromtimestamp(value("bus_certificate_expiry_timestamp_seconds", certificate="listener"), UTC)
    assert timedelta(days=BROKER_DAYS - 1) < expires - datetime.now(UTC) <= timedelta(days=BROKER_DAYS)


def test_a_certificate_without_the_name_that_agencies_connect_to_is_seen_as_refused(listener: Listener) -> None:
    look(replace(listener, name="bus.example.org"))
    assert value("bus_certificate_accepted") == 0
    look(listener)
    assert value("bus_certificate_accepted") == 1


def test_while_the_listener_does_not_answer_the_time_of_the_last_handshake_stands(listener: Listener) -> None:
    look(listener)
    last = value("bus_last_handshake_timestamp_seconds")
    look(replace(listener, address=f"{HOST}:{free_port()}"))
    assert value("bus_last_handshake_timestamp_seconds") == last
