"""Wires notifications together. Nothing connects before the HTTP application starts."""

import asyncio

import structlog

from services.notifications import metrics
from services.notifications.api import ledger_routes
from services.notifications.claimer import Claimer
from services.notifications.directory import load_directory
from services.notifications.handlers import read_activity
from services.notifications.message import Writer
from services.notifications.pipeline import Pipeline
from services.notifications.policy import load_policy
from services.notifications.recorder import Recorder
from services.notifications.sender import Sender
from services.notifications.settings import NotificationsSettings
from services.notifications.store import NoticeStore
from services.notifications.usecases import Announce
from services.notifications.waits import Reachability
from shared.agencies import load_agencies
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.delivery.metrics import LOOP_SUCCESS
from shared.mongo import UNAVAILABLE
from shared.problems import Problem, ProblemKind
from shared.service import Service
from shared.topics import DELIVERED

WE_FAIL = Problem(ProblemKind.internal, "The ledger could not be read. The log says where; nothing was changed.")
log = structlog.get_logger(__name__)


def build_app(settings: NotificationsSettings, clock: Clock = now) -> Service:
    """The service, not yet started. ValueError where a file in CONFIG_DIR is not as it should be."""
    directory = load_directory(settings.config_dir, load_agencies(settings.config_dir))
    policy = load_policy(settings.config_dir)
    service = Service("notifications", "Notifications: who was told of a referral, and when", settings, clock)
    store = NoticeStore(service.database, settings.instance, settings.topic(DELIVERED), clock)
    service.prepare(store.ensure_indexes)
    reachability = Reachability(longest=settings.outage_wait_seconds, unready_after=settings.unready_after)
    writer = Writer(settings.smtp.sender, settings.smtp.sender_name, settings.desk_url)
    claimer = Claimer(store, reachability, settings)
    sender = Sender(directory, writer, reachability, settings, clock)
    recorder = Recorder(store, service.relay("notices", store.notices))
    service.loop("sender", Pipeline(claimer, sender, recorder, smtp=settings.smtp, clock=clock).run)
    service.loop("measure", Measure(store, reachability, clock).run)
    service.health.check("mail", reachability.problem)
    read_activity(service, Announce(store, policy, directory, wake=claimer.wake, clock=clock))
    service.http.include_router(ledger_routes(store))
    answer_safely(service.http, if_we_fail=WE_FAIL, count=metrics.problem)
    return service


class Measure:
    """Keeps the gauges of what is open up to date."""

    def __init__(self, store: NoticeStore, reachability: Reachability, clock: Clock, every: float = 5.0) -> None:
        self._store = store
        self._reachability = reachability
        self._clock = clock
        self._every = every

    async def run(self) -> None:
        """Ends by cancellation."""
        while True:
            try:
                count, oldest = await self._store.waiting()
                metrics.waiting(count, oldest, self._clock(), self._reachability.rounds)
                LOOP_SUCCESS.labels("measure").set_to_current_time()
            except UNAVAILABLE as error:
                log.warning("measuring_waits", error=type(error).__name__)
            await asyncio.sleep(self._every)
