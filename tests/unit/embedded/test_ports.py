"""Which ports the stack takes, and what it says when it cannot have one."""

import os
import socket
from collections.abc import Iterator

import pytest

from deploy.embedded.ports import FREE_RANGE, HOST, choose, free_port, holder, is_free, taken_message
from deploy.embedded.refusal import Refusal


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        port = free_port()
        server.bind((HOST, port))
        server.listen()
        yield port


def test_a_port_somebody_listens_on_is_not_free(taken_port: int) -> None:
    assert not is_free(taken_port)


def test_the_holder_of_a_port_is_named_with_its_process(taken_port: int) -> None:
    assert f"(process {os.getpid()})" in str(holder(taken_port))


def test_a_taken_port_is_refused_with_its_number_its_holder_and_its_setting(taken_port: int) -> None:
    with pytest.raises(Refusal) as refused:
        choose({"KAFKA_PORT": taken_port}, {})
    for part in (str(taken_port), f"process {os.getpid()}", "KAFKA_PORT", "PORTS=free"):
        assert part in str(refused.value)


def test_every_taken_port_is_told_at_once() -> None:
    words = taken_message({"KAFKA_PORT": 1, "MONGO_PORT": 2}, lambda _: None)
    assert "Port 1 is taken by another program" in words
    assert "Port 2 is taken by another program" in words


def test_a_wanted_port_is_taken_as_it_is() -> None:
    port = free_port()
    assert choose({"KAFKA_PORT": port}, {"KAFKA_PORT": port + 1}) == {"KAFKA_PORT": port}


def test_zero_takes_the_port_of_last_time_while_it_is_free() -> None:
    port = free_port()
    assert choose({"KAFKA_PORT": 0}, {"KAFKA_PORT": port}) == {"KAFKA_PORT": port}


def test_zero_takes_another_port_where_that_of_last_time_is_taken(taken_port: int) -> None:
    assert choose({"KAFKA_PORT": 0}, {"KAFKA_PORT": taken_port})["KAFKA_PORT"] in FREE_RANGE


def test_no_two_names_get_the_same_port() -> None:
    port = free_port()
    chosen = choose({"A": 0, "B": port, "C": 0}, {"A": port, "C": port})
    assert len(set(chosen.values())) == 3
