"""Tries to connect to each listener of a broker, as those who may and those who may not, and notes what comes of it."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from deploy.embedded import Access
from shared.bus.cluster import client_configuration

TURNED_AWAY = {KafkaError._TRANSPORT, KafkaError._AUTHENTICATION, KafkaError._SSL, KafkaError._ALL_BROKERS_DOWN}
Row = dict[str, str]
"""By listener: let in, or turned away."""


def attempt(configuration: dict[str, Any]) -> str:
    """What comes of one client. AssertionError where it is neither let in nor turned away within 10 s."""
    codes: list[int] = []
    client = AdminClient(configuration | {"error_cb": lambda error: codes.append(error.code())})
    until = time.monotonic() + 10
    while not codes:
        assert time.monotonic() < until, "neither let in nor turned away"
        try:
            client.list_topics(timeout=0.1)
        except KafkaException:
            client.poll(0)
        else:
            return "let in"
    assert codes[0] in TURNED_AWAY, codes
    return "turned away"


def as_nobody(address: str, access: Access, tls: bool) -> str:
    """What comes of asking without having said who one is: the broker hangs up."""
    host, _, port = address.rpartition(":")
    trust = ssl.create_default_context(cafile=str(access.secrets / "ca.pem"))
    with (
        socket.create_connection((host, int(port)), 10) as raw,
        trust.wrap_socket(raw, server_hostname=host) if tls else nullcontext(raw) as connection,
    ):
        describe_cluster = struct.pack(">hhih", 60, 0, 1, -1) + b"\0\0\0"
        connection.sendall(struct.pack(">i", len(describe_cluster)) + describe_cluster)
        return "let in" if connection.recv(100) else "turned away"


def all_attempts(access: Access, service: str, agency: str, revoked: str) -> dict[str, Row]:
    """By who connects: a service inside and to the controller, an agency outside. All at once, as refusing takes time."""
    inside, outside = client_configuration(access.settings(service)), client_configuration(access.outside_settings(agency))
    anyone = {
        "inside": inside,
        "outside": outside,
        "controller": inside | {"bootstrap.servers": access.controller, "sasl.mechanism": "PLAIN"},
    }
    out = client_configuration(access.outside_settings(revoked))
    who: dict[str, dict[str, dict[str, Any]]] = {
        "with its own user and password": anyone,
        "with a wrong password": {name: one | {"sasl.password": "not the password"} for name, one in anyone.items()},
        "as a user that does not exist": {name: one | {"sasl.username": "nobody"} for name, one in anyone.items()},
        "as an agency that was revoked": {"outside": out, "inside": out | _address(inside)},
        "without TLS": {"outside": outside | {"security.protocol": "SASL_PLAINTEXT"}},
        "with TLS, not trusting our authority": {"outside": {k: v for k, v in outside.items() if k != "ssl.ca.location"}},
    }
    with ThreadPoolExecutor(16) as pool:
        came = {words: {name: pool.submit(attempt, one) for name, one in row.items()} for words, row in who.items()}
        found = {words: {name: future.result() for name, future in row.items()} for words, row in came.items()}
    nobody = {name: as_nobody(one["bootstrap.servers"], access, name == "outside") for name, one in anyone.items()}
    return found | {"as nobody": nobody}


def _address(configuration: dict[str, Any]) -> dict[str, Any]:
    return {key: configuration[key] for key in ("bootstrap.servers", "security.protocol")}
