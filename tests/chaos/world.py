"""The whole system, every service twice, on ports of its own; each part can be killed and comes back."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded import Broker, Database, MailSink, Service, Surroundings, class_path, mongod_binary
from deploy.embedded.server import Server
from deploy.embedded.service import ensure_secret
from shared.agencies import load_agencies
from shared.provision import create_topics
from shared.topics import all_topics
from tests.chaos.faults import INSTANCES, SERVICES, Fault

CONFIG = Path("config").absolute()


class World:
    """Kafka, MongoDB, mail and eight service processes in one folder."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.broker = Broker(folder / "kafka", class_path(cache))
        self.database = Database(folder / "mongod", mongod_binary(cache))
        self.mail = MailSink(folder / "mail")
        self.agencies = load_agencies(CONFIG)
        around = Surroundings(
            kafka=self.broker.address,
            mongo_url=self.database.url,
            smtp=self.mail.address,
            config=CONFIG,
            receipt_secret=ensure_secret(folder / "secrets" / "receipt"),
            extra={"KAFKA_REQUEST_TIMEOUT_MS": "3000", "KAFKA_SESSION_TIMEOUT_MS": "6000"},
        )
        self.services = {
            f"{name}-{number}": Service(name, around, folder / "logs" / f"{name}-{number}.log", number=number)
            for name, number in itertools.product(SERVICES, range(1, INSTANCES + 1))
        }
        self.happened: dict[str, int] = {}

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor() as both:
                list(both.map(Server.start, (self.broker, self.database, self.mail)))
            create_topics(self.broker.address, all_topics(self.agencies.ids))
            for service in self.services.values():
                service.spawn()
            for service in self.services.values():
                service.wait_ready(timeout=90)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends everything, the services first."""
        for service in self.services.values():
            service.child.terminate()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Service.stop, self.services.values()))
        for server in (self.mail, self.broker, self.database):
            server.stop()

    async def suffer(self, fault: Fault) -> None:
        """Carries out one fault and heals it."""
        server = self._target(fault.target)
        self.happened[fault.what] = self.happened.get(fault.what, 0) + 1
        if fault.what == "freeze" and server.pid:
            os.kill(server.pid, signal.SIGSTOP)
            await asyncio.sleep(fault.back)
            os.kill(server.pid, signal.SIGCONT)
            return
        await asyncio.to_thread(server.stop if fault.what == "term" else server.kill9)
        await asyncio.sleep(fault.back)
        await asyncio.to_thread(server.spawn if isinstance(server, Service) else server.start)

    def _target(self, name: str) -> Server:
        return {"broker": self.broker, "database": self.database}.get(name) or self.services[name]

    def revive(self) -> None:
        """Starts again what has ended by itself (the watchdog's exit), as a supervisor would."""
        for service in self.services.values():
            if not service.child.running:
                self.happened["revived"] = self.happened.get("revived", 0) + 1
                service.spawn()
