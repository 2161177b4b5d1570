"""The real services as processes of their own, on the ground of one measurement."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.bench import Bench
from deploy.embedded import MailSink, Service, Surroundings
from deploy.embedded.service import SERVICES, ensure_secret
from shared.agencies import load_agencies

CONFIG = Path("config").absolute()


class Stack:
    """One instance each of `services`, with Kafka, MongoDB and a mail server that keeps what it gets."""

    def __init__(self, bench: Bench, services: Sequence[str] = SERVICES) -> None:
        folder = bench.folder
        self.ground = bench.ground()
        self.mail = MailSink(folder / "mail")
        self.agencies = load_agencies(CONFIG).ids
        around = Surroundings(
            kafka=self.ground.broker.access,
            mongo_url=self.ground.database.url,
            smtp=self.mail.address,
            config=CONFIG,
            receipt_secret=ensure_secret(folder / "secrets" / "receipt"),
        )
        self.services = {name: Service(name, around, folder / "logs" / f"{name}.log") for name in services}

    def __enter__(self) -> Self:
        self.ground.__enter__()
        try:
            self.mail.start()
            self.ground.provision(self.agencies)
            for service in self.services.values():
                service.spawn()
            for service in self.services.values():
                service.wait_ready(timeout=90)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Service.stop, self.services.values()))
        self.mail.stop()
        self.ground.stop()
