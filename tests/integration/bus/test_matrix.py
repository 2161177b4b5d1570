"""Each user against each topic, group and listener, asked of the real broker; the answers are the tables in docs/security/.

`WRITE_MATRIX=1 .local/venv/bin/python -m pytest tests/integration/bus/test_matrix.py` writes the table anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from deploy.embedded import Access
from shared.bus.cluster import Cluster, client_configuration
from shared.bus.rules import SERVICES, rules
from shared.topics import OUTBOX_READER, READERS, all_topics
from tests.integration.bus import connections, matrix
from tests.integration.bus.conftest import AGENCIES, Command
from tests.waiting import eventually

PAGE = Path("docs/security/bus-matrix.md")
NOT_ASKED, REVOKED = "cca", "glastonbury-pd"
TOPICS = [topic.name for topic in all_topics(AGENCIES)]
GROUPS = [*[g for groups in READERS.values() for g in groups], OUTBOX_READER, *[f"{a}.records" for a in AGENCIES]]
USERS = (*SERVICES, *AGENCIES)
LISTENERS = ("inside", "outside", "controller")
Table = dict[str, matrix.Answers]


@pytest.fixture(scope="module")
def attempts(bus: Command) -> dict[str, connections.Row]:
    """By who connects, what comes of it. Afterwards REVOKED has a password again.

    So it can still be asked, as a connection is answered that was open when it was revoked.
    """
    bus.done("revoke", REVOKED)
    found = connections.all_attempts(bus.access, "intake", "dcf", REVOKED)
    Cluster(bus.access.settings(), bus.access.prefix).set_passwords([bus.access.prefix + REVOKED], bus.access.passwords.of)
    return found


@pytest.fixture(scope="module")
async def answers(bus: Command, attempts: dict[str, connections.Row]) -> Table:
    """By user, what the broker answered: services ask inside, agencies outside. NOT_ASKED only owns topics."""
    access, prefix = bus.access, bus.access.prefix
    filled = Producer(client_configuration(access.settings()) | {"acks": "all"})
    for topic in TOPICS:
        filled.produce(prefix + topic, b"matrix", partition=0)
    assert filled.flush(20) == 0
    await eventually(partial(_has_coordinator, access, TopicPartition(prefix + TOPICS[0], 0)), within=60)
    names, groups = [prefix + topic for topic in TOPICS], [prefix + group for group in GROUPS]
    found: Table = {}
    for user in USERS:
        if user == NOT_ASKED:
            continue
        settings = access.settings(user) if user in SERVICES else access.outside_settings(user)
        asked = matrix.topics(settings, names) | matrix.groups(settings, groups, names[0])
        found[user] = {name.removeprefix(prefix): letters for name, letters in asked.items()}
    return found


async def _has_coordinator(access: Access, partition: TopicPartition) -> bool:
    """Kafka makes its topic of offsets when the first group looks for its coordinator."""
    first = Consumer(client_configuration(access.settings()) | {"group.id": f"{access.prefix}first"})
    try:
        first.committed([partition], timeout=10)
    except KafkaException:
        return False
    finally:
        first.close()
    return True


def page(answers: Table, attempts: dict[str, connections.Row]) -> str:
    users = [user for user in USERS if user != NOT_ASKED]
    header = " | ".join(f"{user}, revoked" if user == REVOKED else user for user in users)
    lines = [
        "# Who may do what on the bus, as the broker answers",
        "",
        "Written by `tests/integration/bus/test_matrix.py` from what a real broker answered each user; the test fails where an",
        "answer changes. Services asked inside, agencies outside with TLS. Topics: r read, w write, d describe. Groups: r take",
        "part, d describe.",
        "A `-` is a refusal. Every other agency's column and topics are like these. One agency was revoked; its column is what",
        "is answered on a connection that was open then, as it can open none any more.",
        "",
    ]
    for title, names in (("topic", TOPICS), ("group", GROUPS)):
        lines += [f"| {title} | {header} |", "|---|" + "---|" * len(users)]
        lines += [f"| {name} | {' | '.join(answers[user][name] for user in users)} |" for name in names]
        lines.append("")
    lines += ["Who is let in, by listener: a service inside, an agency outside. The controller's knows the broker alone.", ""]
    lines += [f"| who connects | {' | '.join(LISTENERS)} |", "|---|" + "---|" * len(LISTENERS)]
    lines += [f"| {who} | {' | '.join(row.get(name, '') for name in LISTENERS)} |" for who, row in attempts.items()]
    return "\n".join([*lines, ""])


def test_the_tables_in_the_documentation_are_what_the_broker_answers(
    answers: Table, attempts: dict[str, connections.Row]
) -> None:
    if os.environ.get("WRITE_MATRIX"):
        PAGE.write_text(page(answers, attempts))
    assert page(answers, attempts) == PAGE.read_text()


def test_nobody_is_let_in_but_users_with_their_own_password_and_never_to_the_controller(
    attempts: dict[str, connections.Row],
) -> None:
    let_in = {(who, listener) for who, row in attempts.items() for listener, came in row.items() if came == "let in"}
    assert let_in == {("with its own user and password", "inside"), ("with its own user and password", "outside")}


def test_the_broker_allows_what_the_rules_say_and_nothing_else(answers: Table) -> None:
    allowed = [rule for rule in rules(AGENCIES) if rule.user != REVOKED]
    for user, found in answers.items():
        for name in TOPICS:
            mine = {rule.operation for rule in allowed if (rule.user, rule.kind, rule.name) == (user, "topic", name)}
            wanted = "".join(word[0] for word in ("read", "write") if word in mine) + ("d" if mine else "")
            assert found[name] == (wanted or "-"), (user, name)
        for group in GROUPS:
            groups = [rule for rule in allowed if rule.user == user and rule.kind == "group"]
            fits = any(group.startswith(rule.name) if rule.prefixed else group == rule.name for rule in groups)
            assert found[group] == ("rd" if fits else "-"), (user, group)


def test_another_systems_users_with_the_same_names_have_no_rights_here(bus: Command, kafka: Access) -> None:
    stranger = replace(bus.access, prefix=f"{bus.access.prefix}x.")
    other = Command(stranger, bus.config)
    other.done("apply")
    names = [bus.access.prefix + topic for topic in TOPICS]
    assert set(matrix.topics(stranger.settings("routing"), names).values()) == {"-"}
