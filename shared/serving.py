"""A service as a process of its own: made from its environment, then served until SIGTERM."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from shared.memory import collect_garbage_rarely, hold_little
from shared.observability import configure_logging
from shared.service import Service


def made(build: Callable[[], Service], sentence: str = "{error}") -> Service:
    """What `build` makes of the environment. Where that cannot be used, the program ends with the sentence and status 1."""
    try:
        return build()
    except (OSError, ValueError) as error:
        sys.exit(sentence.format(error=error))


def serve(service: Service) -> None:
    """Runs the service until SIGTERM. No access log: it would hold the addresses of people who ask for help."""
    settings = service.settings
    configure_logging(service.name, settings.instance, settings.log_level)
    hold_little()
    collect_garbage_rarely()
    config = uvicorn.Config(
        service.http,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
        loop="uvloop",
    )
    _Server(config).run()


class _Server(uvicorn.Server):
    """Ends with status 0 after it drained: uvicorn itself would raise the signal again and end as if killed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
