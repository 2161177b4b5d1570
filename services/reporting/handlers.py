"""The three readers."""

from collections.abc import Awaitable, Callable

from services.reporting.cases.sources import SOURCES
from services.reporting.settings import ReportingSettings
from services.reporting.store import Cases, Freshness
from services.reporting.usecases import FoldEvents
from shared.delivery.subscription import subscribe
from shared.service import Service


def subscribe_readers(
    service: Service,
    settings: ReportingSettings,
    cases: Cases,
    freshness: Freshness,
    catching_up: Callable[[], Awaitable[bool]],
) -> None:
    """One reader a topic, each of a group of its own, all folding into the same cases."""
    for source in SOURCES:
        reader = subscribe(
            service.broker,
            settings,
            group=source.group,
            topics=[source.topic],
            decode=source.decode,
            apply=FoldEvents(source.part, cases, freshness, catching_up),
            parking=service.parking(source.group),
            publisher=service.publisher,
            pause=settings.pause_seconds,
        )
        service.reader(reader)
