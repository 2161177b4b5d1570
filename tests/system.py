"""The whole system as real processes on ports of its own; each part can be killed and comes back."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded import Broker, Database, Issuer, MailSink, Service, Surroundings, class_path, mongod_binary
from deploy.embedded.server import Server
from deploy.embedded.service import SERVICES, ensure_keyring, ensure_secret
from shared.agencies import load_agencies
from tests.bus import provision

CONFIG = Path("config").absolute()


class System:
    """Kafka, MongoDB, mail and the four services, each `instances` times, in one folder."""

    def __init__(self, folder: Path, cache: Path, *, instances: int = 1, **environment: str) -> None:
        self.folder = folder
        self.broker = Broker(folder / "kafka", class_path(cache))
        self.database = Database(folder / "mongod", mongod_binary(cache))
        self.mail = MailSink(folder / "mail")
        self.issuer = Issuer(folder / "secrets" / "issuer", folder / "logs" / "issuer.log")
        self.agencies = load_agencies(CONFIG)
        around = Surroundings(
            kafka=self.broker.access,
            mongo_url=self.database.url,
            smtp=self.mail.address,
            config=CONFIG,
            receipt_secret=ensure_secret(folder / "secrets" / "receipt"),
            vault_keyring=ensure_keyring(folder / "secrets" / "vault_keyring"),
            extra={"KAFKA_REQUEST_TIMEOUT_MS": "3000", "KAFKA_SESSION_TIMEOUT_MS": "6000"}
            | self.issuer.environment()
            | {"EXTRACT_SECRET_FILE": str(ensure_secret(folder / "secrets" / "extract"))}
            | environment,
        )
        self.services = {
            f"{name}-{number}": Service(name, around, folder / "logs" / f"{name}-{number}.log", number=number)
            for name, number in itertools.product(SERVICES, range(1, instances + 1))
        }

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor() as both:
                list(both.map(Server.start, (self.broker, self.database, self.mail, self.issuer)))
            provision(self.broker.access, self.agencies.on_the_bus)
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

    @property
    def addresses(self) -> dict[str, str]:
        """Where the first instance of each part listens, by name."""
        services = {name.removesuffix("-1"): service.url for name, service in self.services.items() if name.endswith("-1")}
        return services | {"kafka": self.broker.address}

    def stop(self) -> None:
        """Ends everything, the services first."""
        for service in self.services.values():
            service.child.terminate()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Service.stop, self.services.values()))
        for server in (self.issuer, self.mail, self.broker, self.database):
            server.stop()

    def server(self, name: str) -> Server:
        """The broker, the database, or a service instance such as `routing-1`."""
        return {"broker": self.broker, "database": self.database}.get(name) or self.services[name]

    def revive(self) -> int:
        """Starts again what has ended by itself (the watchdog's exit), as a supervisor would; how many that were."""
        revived = 0
        for service in self.services.values():
            if not service.child.running:
                revived += 1
                service.spawn()
        return revived
