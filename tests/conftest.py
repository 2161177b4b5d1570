"""The real broker and database that the tests share.

TEST_KAFKA (host:port), TEST_KAFKA_SECRETS (its folder of passwords) and TEST_MONGO, where all are set, name running ones
(a developer keeps them up between runs); else both are started here, in a temporary folder, and ended after the last test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from deploy.embedded import Access, Broker, Database, class_path, mongod_binary
from deploy.embedded.settings import from_environment
from tests import memory

HERE = Path(__file__).parent
CACHE = from_environment(os.environ).cache

settings.register_profile("no_deadline", deadline=None)  # a busy machine is no failure
settings.load_profile("no_deadline")

# A service that runs beside a command in one process: what it logs must not stand among what the command prints.
structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


ROOMS = ("chaos", "browser", "e2e", "integration", "deploy", "architecture", "unit")
"""The order in which folders of tests are started: the slow ones first, so that none is left to the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Orders the tests by folder."""
    items.sort(key=lambda item: ROOMS.index(item.path.relative_to(HERE).parts[0]))


@pytest.fixture(scope="session")
def kafka_class_path() -> str:
    """For tests that start a broker of their own."""
    return class_path(CACHE)


@pytest.fixture(scope="session")
def mongod_path() -> Path:
    """For tests that start a database of their own."""
    return mongod_binary(CACHE)


@pytest.fixture(scope="session")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Access, str]]:
    """How Kafka and MongoDB are reached."""
    if {"TEST_KAFKA", "TEST_KAFKA_SECRETS", "TEST_MONGO"} <= os.environ.keys():
        secrets = Path(os.environ["TEST_KAFKA_SECRETS"])
        yield Access(os.environ["TEST_KAFKA"], os.environ.get("TEST_KAFKA_OUTSIDE", ""), secrets), os.environ["TEST_MONGO"]
        return
    kept = tmp_path_factory.mktemp("backbone")
    with memory.folder(otherwise=kept) as folder:
        broker = Broker(folder / "kafka", class_path(CACHE), log=kept / "kafka.log")
        database = Database(folder / "mongod", mongod_binary(CACHE), log=kept / "mongod.log")
        try:
            database.spawn()
            broker.spawn()
            with ThreadPoolExecutor() as both:
                list(both.map(lambda server: server.wait_ready(), (database, broker)))
            yield broker.access, database.url
        finally:
            broker.stop()
            database.stop()


@pytest.fixture(scope="session")
def kafka(backbone: tuple[Access, str]) -> Access:
    """The shared broker, as the administrator."""
    return backbone[0]


@pytest.fixture(scope="session")
def mongo_url(backbone: tuple[Access, str]) -> str:
    """MongoDB's connection string."""
    return backbone[1]
