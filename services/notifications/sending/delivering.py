"""A pipeline for each channel that is set up, side by side: one that is away holds up no other."""

from services.notifications import metrics
from services.notifications.channels.channel import Channel
from services.notifications.directory.directory import Directory
from services.notifications.keeping.stores import Stores
from services.notifications.notices.verdict import Patience
from services.notifications.notices.waits import Reachability
from services.notifications.sending.claimer import Claimer
from services.notifications.sending.dispatch import Dispatch
from services.notifications.sending.grouping import Grouping
from services.notifications.sending.pipeline import Pipeline
from services.notifications.sending.recorder import Recorder
from services.notifications.sending.sender import Sender
from services.notifications.settings import NotificationsSettings
from shared.service import Service


class Delivering:
    """Adds the loops of each channel to the service."""

    def __init__(  # noqa: PLR0917
        self,
        service: Service,
        stores: Stores,
        grouping: Grouping,
        dispatch: Dispatch,
        directory: Directory,
        settings: NotificationsSettings,
    ) -> None:
        self._service = service
        self._stores = stores
        self._grouping = grouping
        self._dispatch = dispatch
        self._directory = directory
        self._settings = settings
        self._relay = service.relay("notices", stores.notices.notices)
        self._reachabilities: dict[str, Reachability] = {}

    def measure(self) -> None:
        """Sets the gauges of outages."""
        for channel, reachability in self._reachabilities.items():
            metrics.OUTAGE_ROUNDS.labels(channel).set(reachability.rounds)

    def add(self, channel: Channel, what: str) -> None:
        """Sends by this channel from the start of the service on. `what` is at its other end, for readiness."""
        settings, clock, name = self._settings, self._service.clock, channel.kind.value
        reachability = Reachability(what, settings.outage_wait_seconds, settings.unready_after)
        claimer = Claimer(channel, self._stores.notices, reachability, lease=settings.lease, poll_seconds=settings.poll_seconds)
        sender = Sender(channel, self._directory, reachability, patience=self._patience(channel), clock=clock)
        moved, let_go = self._dispatch.wake, claimer.let_go
        recorder = Recorder(self._stores, self._grouping, self._relay, self._directory, moved=moved, let_go=let_go)
        self._dispatch.join(channel.kind, claimer)
        self._reachabilities[name] = reachability
        self._service.loop(f"send_{name}", Pipeline(channel, claimer, sender, recorder, clock=clock).run)
        self._service.health.check(what, reachability.problem)

    def _patience(self, channel: Channel) -> Patience:
        settings = self._settings
        return Patience(
            first=settings.first_wait_seconds,
            longest=settings.longest_wait_seconds,
            outage=settings.outage_wait_seconds,
            give_up_hours=channel.give_up_hours,
        )
