"""The Kafka and the MongoDB of one measurement: its own processes on free ports, ended and deleted afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from deploy.embedded import Broker, Database, class_path, mongod_binary
from deploy.embedded.access import ADMIN
from deploy.embedded.server import Server
from shared.bus.cluster import Cluster
from shared.bus.state import Quota, wanted
from shared.settings import KafkaSettings, MongoSettings
from shared.topics import Topic


class Ground:
    """A broker and a database in `folder`. `cache`: where the embedded stack keeps its downloads.

    `keep`: what they wrote stays for the next one in this folder.
    """

    def __init__(self, folder: Path, cache: Path, *, keep: bool = False) -> None:
        self.folder = folder
        self._keep = keep
        self.broker = Broker(folder / "kafka", class_path(cache))
        self.database = Database(folder / "mongod", mongod_binary(cache))

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor() as both:
                list(both.map(Server.start, (self.broker, self.database)))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends both and deletes what they wrote, unless it is to be kept; their logs stay."""
        for server in (self.broker, self.database):
            server.stop()
            if self._keep:
                continue
            shutil.rmtree(self.folder / server.kind / "data", ignore_errors=True)

    def topics(self, topics: Iterable[Topic]) -> None:
        """Creates topics."""
        Cluster(self.broker.access.settings()).create_topics(topics)

    def provision(self, agencies: Iterable[str], quota: Quota | None = None) -> None:
        """The whole bus of these agencies, without quotas unless they are given: they would limit a measurement."""
        Cluster(self.broker.access.settings()).apply(wanted(agencies, quota), self.broker.access.passwords.of)

    def kafka(self, user: str = ADMIN) -> KafkaSettings:
        """How a user reaches the broker."""
        return self.broker.access.settings(user)

    def mongo(self, name: str) -> MongoSettings:
        """How a service of ours reaches its database."""
        return MongoSettings(url=SecretStr(self.database.url), database=name)
