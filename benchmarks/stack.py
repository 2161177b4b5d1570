"""The real services as processes of their own, on the ground of one measurement."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.bench import Bench
from deploy.embedded import MailSink, Service, Surroundings
from deploy.embedded.service import SERVICES, ensure_keyring, ensure_secret
from shared.agencies import load_agencies
from shared.bus.state import Quota

CONFIG = Path("config").absolute()


class Stack:
    """`instances` of each of `services`, with Kafka, MongoDB and a mail server that keeps what it gets.

    In `services` the first instance goes by the service's name, the second is `routing-2` and the like. `quota`: each agency's.
    `environment`: more settings for every service.
    """

    def __init__(
        self,
        bench: Bench,
        services: Sequence[str] = SERVICES,
        *,
        instances: int = 1,
        quota: Quota | None = None,
        **environment: str,
    ) -> None:
        folder, self._quota = bench.folder, quota
        self.ground = bench.ground()
        self.mail = MailSink(folder / "mail")
        known = load_agencies(CONFIG)
        self.agencies, self._on_the_bus = known.ids, known.on_the_bus
        around = Surroundings(
            kafka=self.ground.broker.access,
            mongo_url=self.ground.database.url,
            smtp=self.mail.address,
            config=CONFIG,
            receipt_secret=ensure_secret(folder / "secrets" / "receipt"),
            vault_keyring=ensure_keyring(folder / "secrets" / "vault_keyring"),
            extra=environment,
        )
        self.services = {
            name if number == 1 else f"{name}-{number}": Service(
                name, around, folder / "logs" / f"{name}-{number}.log", number=number
            )
            for name in services
            for number in range(1, instances + 1)
        }

    def __enter__(self) -> Self:
        self.ground.__enter__()
        try:
            self.mail.start()
            self.ground.provision(self._on_the_bus, self._quota)
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
