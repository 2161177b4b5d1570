"""`python -m shared.bus.watch`: meets the listener outside as an agency's client does, and says in `/metrics` how it was.

It holds no password and no key: a certificate is shown before anybody is asked who they are.
"""

import signal
import sys
import threading
import time

import structlog
from prometheus_client import start_http_server
from pydantic import Field, ValidationError

from shared.bus.certificate import Listener, ListenerSettings
from shared.bus.metrics import CERTIFICATE_ACCEPTED, CERTIFICATE_EXPIRES, LAST_HANDSHAKE
from shared.observability import configure_logging

log = structlog.get_logger(__name__)


class WatchSettings(ListenerSettings):
    """By environment variables, named as the fields are."""

    watch_seconds: float = Field(30, gt=0, description="how long from one look to the next")
    http_host: str = Field("127.0.0.1", description="address that /metrics is served on")
    http_port: int = Field(8000, description="its port")


def look(listener: Listener) -> None:
    """One handshake. Where it fails, the last one's time stands: that is what the alert looks at."""
    try:
        CERTIFICATE_EXPIRES.labels("authority").set(listener.authority_expires().timestamp())
        shown = listener.shown()
    except (OSError, ValueError) as error:
        log.warning("listener_not_seen", error=type(error).__name__)
        return
    CERTIFICATE_EXPIRES.labels("listener").set(shown.expires.timestamp())
    CERTIFICATE_ACCEPTED.set(shown.accepted)
    LAST_HANDSHAKE.set(time.time())


def watch(settings: WatchSettings, ended: threading.Event) -> None:
    """Looks until it is told to end."""
    server, thread = start_http_server(settings.http_port, settings.http_host)
    while not ended.is_set():
        look(settings.listener)
        ended.wait(settings.watch_seconds)
    server.shutdown()
    thread.join()


def main() -> None:
    """Runs until SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    configure_logging("bus-watch", "1", "info")
    try:
        settings = WatchSettings()
    except ValidationError as error:
        sys.exit(f"bus watch: set {', '.join(str(one['loc'][0]).upper() for one in error.errors())}")
    watch(settings, ended)


if __name__ == "__main__":
    main()
