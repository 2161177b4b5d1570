"""Each user against each topic and group, asked of the real broker; the answers are the table in docs/security/.

`WRITE_MATRIX=1 .local/venv/bin/python -m pytest tests/integration/bus/test_matrix.py` writes the table anew.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from deploy.embedded import Access
from shared.bus.cluster import client_configuration
from shared.bus.rules import SERVICES, rules
from shared.topics import OUTBOX_READER, READERS, all_topics
from tests.integration.bus import matrix
from tests.integration.bus.conftest import AGENCIES, Command

PAGE = Path("docs/security/bus-matrix.md")
NOT_ASKED = "cca"
TOPICS = [topic.name for topic in all_topics(AGENCIES)]
GROUPS = [*[g for groups in READERS.values() for g in groups], OUTBOX_READER, *[f"{a}.records" for a in AGENCIES]]
USERS = (*SERVICES, *AGENCIES)
TURNED_AWAY = {KafkaError._TRANSPORT, KafkaError._AUTHENTICATION, KafkaError._SSL, KafkaError._ALL_BROKERS_DOWN}
Table = dict[str, matrix.Answers]


@pytest.fixture(scope="module")
def answers(bus: Command) -> Table:
    """By user, what the broker answered: services ask inside, agencies outside. NOT_ASKED only owns topics."""
    access, prefix = bus.access, bus.access.prefix
    filled = Producer(client_configuration(access.settings()) | {"acks": "all"})
    for topic in TOPICS:
        filled.produce(prefix + topic, b"matrix", partition=0)
    assert filled.flush(20) == 0
    # Kafka makes its topic of offsets when the first group looks for its coordinator.
    first = Consumer(client_configuration(access.settings()) | {"group.id": f"{prefix}first"})
    first.committed([TopicPartition(prefix + TOPICS[0], 0)], timeout=30)
    first.close()
    names, groups = [prefix + topic for topic in TOPICS], [prefix + group for group in GROUPS]
    found: Table = {}
    for user in USERS:
        if user == NOT_ASKED:
            continue
        settings = access.settings(user) if user in SERVICES else access.outside_settings(user)
        asked = matrix.topics(settings, names) | matrix.groups(settings, groups, names[0])
        found[user] = {name.removeprefix(prefix): letters for name, letters in asked.items()}
    return found


def page(answers: Table) -> str:
    users = [user for user in USERS if user != NOT_ASKED]
    lines = [
        "# Who may do what on the bus, as the broker answers",
        "",
        "Written by `tests/integration/bus/test_matrix.py` from what a real broker answered each user; the test fails where an",
        "answer changes. Services asked inside, agencies outside with TLS. Topics: r read, w write, d describe. Groups: r take",
        "part, d describe.",
        "A `-` is a refusal. Every other agency's column and topics are like these.",
        "",
    ]
    for title, names in (("topic", TOPICS), ("group", GROUPS)):
        lines += [f"| {title} | {' | '.join(users)} |", "|---|" + "---|" * len(users)]
        lines += [f"| {name} | {' | '.join(answers[user][name] for user in users)} |" for name in names]
        lines.append("")
    return "\n".join(lines)


def test_the_table_in_the_documentation_is_what_the_broker_answers(answers: Table) -> None:
    if os.environ.get("WRITE_MATRIX"):
        PAGE.write_text(page(answers))
    assert page(answers) == PAGE.read_text()


def test_the_broker_allows_what_the_rules_say_and_nothing_else(answers: Table) -> None:
    allowed = rules(AGENCIES)
    for user, found in answers.items():
        for name in TOPICS:
            mine = {rule.operation for rule in allowed if (rule.user, rule.kind, rule.name) == (user, "topic", name)}
            wanted = "".join(word[0] for word in ("read", "write") if word in mine) + ("d" if mine else "")
            assert found[name] == (wanted or "-"), (user, name)
        for group in GROUPS:
            groups = [rule for rule in allowed if rule.user == user and rule.kind == "group"]
            fits = any(group.startswith(rule.name) if rule.prefixed else group == rule.name for rule in groups)
            assert found[group] == ("rd" if fits else "-"), (user, group)


def refused(configuration: dict[str, Any]) -> int:
    """The error code with which a client is turned away."""
    codes: list[int] = []
    client = AdminClient(configuration | {"error_cb": lambda error: codes.append(error.code())})
    until = time.monotonic() + 10
    while not codes:
        assert time.monotonic() < until, "neither let in nor turned away"
        with pytest.raises(KafkaException):
            client.list_topics(timeout=0.1)
        client.poll(0)
    return codes[0]


def test_a_wrong_password_or_an_unknown_user_is_turned_away(bus: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password")
    for settings in (bus.access.settings("intake"), bus.access.outside_settings("dcf")):
        mine = client_configuration(settings.model_copy(update={"sasl_password_file": wrong}))
        assert refused(mine) == KafkaError._AUTHENTICATION
        assert refused(mine | {"sasl.username": "nobody"}) == KafkaError._AUTHENTICATION


def test_outside_nobody_gets_in_without_tls_or_with_a_certificate_that_is_not_ours(bus: Command) -> None:
    mine = client_configuration(bus.access.outside_settings("dcf"))
    assert refused(mine | {"security.protocol": "SASL_PLAINTEXT"}) in TURNED_AWAY
    del mine["ssl.ca.location"]
    assert refused(mine) in TURNED_AWAY


def test_without_a_user_no_listener_answers_the_controllers_least_of_all(bus: Command) -> None:
    for address in (bus.access.address, bus.access.controller):
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            describe_cluster = struct.pack(">hhih", 60, 0, 1, -1) + b"\0\0\0"
            connection.sendall(struct.pack(">i", len(describe_cluster)) + describe_cluster)
            connection.settimeout(10)
            assert connection.recv(100) == b""


def test_another_systems_users_with_the_same_names_have_no_rights_here(bus: Command, kafka: Access) -> None:
    stranger = replace(bus.access, prefix=f"{bus.access.prefix}x.")
    other = Command(stranger, bus.config)
    other.done("apply")
    names = [bus.access.prefix + topic for topic in TOPICS]
    assert set(matrix.topics(stranger.settings("routing"), names).values()) == {"-"}
