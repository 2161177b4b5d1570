"""How fast reporting rebuilds its figures, and how long a report takes: `python -m benchmarks.report_rebuild`.

Needs Kafka and MongoDB (KAFKA_BOOTSTRAP_SERVERS, MONGO_URL). Makes topics and a database of its own and removes them. The
events of all referrals are mixed in the order of their times, as they would have come over a year.
"""

import asyncio
import contextlib
import json
import os
import resource
import secrets
import sys
import time
from typing import Any

import psutil
from confluent_kafka.admin import AdminClient

from services.reporting.app import build_app
from services.reporting.period import Period
from services.reporting.report import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.store import LIVE, Cases, Freshness
from services.reporting.targets import load_targets
from shared.broker import Message, Publisher
from shared.events.codec import encode
from shared.provision import create_topics
from shared.topics import ACTIVITY, DELIVERED, INTAKE, all_topics
from tests.histories import lives


async def publish(settings: ReportingSettings, referrals: int) -> int:
    """Fills the topics; how many events that were."""
    told = lives(1, referrals)
    publisher, count = Publisher(settings.kafka), 0
    for topic, part in ((INTAKE, "intake"), (ACTIVITY, "activity"), (DELIVERED, "delivered")):
        events = sorted((event for life in told for event in getattr(life, part)), key=lambda event: event.time)
        count += len(events)
        for start in range(0, len(events), 5000):
            messages = [
                Message(settings.topic(topic), str(e.subject).encode(), encode(e)) for e in events[start : start + 5000]
            ]
            await publisher.send(messages)
    await publisher.stop()
    return count


def rebuild() -> tuple[float, float, float]:
    """Seconds in all, seconds of processor time and most MB of memory of the real command."""
    before, started, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
    with psutil.Popen([sys.executable, "-m", "services.reporting", "rebuild"]) as command:
        while command.poll() is None:
            with contextlib.suppress(psutil.Error):
                most = max(most, command.memory_info().rss)
            time.sleep(0.05)
    if command.returncode:
        sys.exit("the rebuild failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, processor, most / 1e6


async def report(settings: ReportingSettings) -> tuple[float, int]:
    """Seconds for the report of everything, and how many referrals are in it."""
    service = build_app(settings)
    cases, freshness = Cases(service.database[LIVE]), Freshness(service.database)
    reports = Reports(cases, freshness, load_targets(settings.config_dir), service.clock)
    started = time.monotonic()
    found: Any = await reports.report(Period.everything(settings.time_zone))
    seconds = time.monotonic() - started
    await service.client.drop_database(service.database.name)
    return seconds, found["figures"]["received"][0]["total"]


def main(referrals: int = 20_000) -> None:
    """Runs it once and prints the figures as JSON."""
    os.environ["TOPIC_PREFIX"] = prefix = f"b{secrets.token_hex(4)}."
    os.environ["MONGO_DATABASE"] = prefix.rstrip(".")
    settings = ReportingSettings()
    topics = all_topics([], prefix)
    create_topics(settings.kafka.bootstrap_servers, topics)
    try:
        events = asyncio.run(publish(settings, referrals))
        seconds, processor, memory = rebuild()
        report_seconds, found = asyncio.run(report(settings))
    finally:
        admin = AdminClient({"bootstrap.servers": settings.kafka.bootstrap_servers})
        for future in admin.delete_topics([topic.name for topic in topics]).values():
            future.result()
    figures = {"referrals": found, "events": events, "seconds": seconds, "events_per_second": events / seconds}
    figures |= {"processor_seconds": processor, "memory_mb": memory, "report_seconds": report_seconds}
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
