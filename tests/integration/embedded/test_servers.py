"""Kafka, mongod and mail as the fault tests use them: killed, started again, with their data."""

import smtplib
import time
import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from pymongo import MongoClient

from deploy.embedded import Broker, Database, MailSink
from deploy.embedded.refusal import Refusal
from shared.bus.cluster import client_configuration


def test_a_killed_broker_comes_back_on_its_port_with_what_it_had_acknowledged(tmp_path: Path, kafka_class_path: str) -> None:
    with Broker(tmp_path, kafka_class_path) as broker:
        admin = AdminClient(connected := client_configuration(broker.access.settings()))
        admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(10)
        producer = Producer(connected | {"acks": "all"})
        producer.produce("kept", b"before")
        assert producer.flush(10) == 0
        address, pid = broker.address, broker.pid
        broker.kill9()
        assert not broker.answers()
        broker.restart()
        assert broker.address == address
        assert broker.pid != pid
        consumer = Consumer(connected | {"group.id": str(uuid.uuid4()), "auto.offset.reset": "earliest"})
        consumer.subscribe(["kept"])
        record = consumer.poll(20)
        consumer.close()
    assert record is not None
    assert record.value() == b"before"


def test_a_killed_database_comes_back_with_its_journaled_writes(tmp_path: Path, mongod_path: Path) -> None:
    with Database(tmp_path, mongod_path) as database:
        with MongoClient[dict[str, object]](database.url, w="majority", journal=True) as client:
            client.db.rows.insert_one({"_id": 1})
        database.kill9()
        assert not database.answers()
        database.restart()
        with MongoClient[dict[str, object]](database.url) as client:
            assert client.db.rows.count_documents({}) == 1


def test_a_database_moves_to_another_port_with_its_data(tmp_path: Path, mongod_path: Path) -> None:
    with (
        Database(tmp_path, mongod_path) as database,
        MongoClient[dict[str, object]](database.url, w="majority", journal=True) as client,
    ):
        client.db.rows.insert_one({"_id": 1})
    with Database(tmp_path, mongod_path) as moved, MongoClient[dict[str, object]](moved.url) as client:
        assert moved.port != database.port
        assert client.db.rows.count_documents({}) == 1


def test_a_mail_is_kept_and_journaled_with_the_time_it_came(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "bus@example.org", "desk@example.org"
    message["Subject"], message["Message-ID"] = "A referral waits", "<1@example.org>"
    message.set_content("Please look.")
    before = time.time_ns() // 1_000_000
    with MailSink(tmp_path) as mail, smtplib.SMTP(*mail.address.split(":")) as client:  # type: ignore[arg-type]
        client.send_message(message)
        received = mail.received()
    after = time.time_ns() // 1_000_000
    assert [(each["to"], each["message_id"]) for each in received] == [("desk@example.org", "<1@example.org>")]
    assert before <= received[0]["received_at"] <= after
    kept = (tmp_path / "Maildir" / received[0]["file"]).read_text()
    assert "Please look." in kept
    assert f"X-Received-At: {received[0]['received_at']}" in kept


def test_a_server_that_cannot_start_says_so_with_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"mongod ended while it started \(status 1\)(?s:.*)mongod\.log"):
        Database(tmp_path, Path("/bin/false")).start()
