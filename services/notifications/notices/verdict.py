"""What follows from an attempt that did not succeed: again later, by another channel, or given up. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.notices.attempt import OUTAGE, Claimed, Failed, Later, Moved, Outcome, Trouble, Undelivered
from services.notifications.notices.waits import next_wait
from shared.vocabulary import NotificationChannel


@dataclass(frozen=True, slots=True)
class Patience:
    """`first` seconds until the second attempt, doubling up to `longest`, or up to `outage` while the other side is away.
    After `give_up_hours` a notice counts as failed."""

    first: float
    longest: float
    outage: float
    give_up_hours: float

    def until_next(self, attempt: int, trouble: Trouble) -> timedelta:
        """How long to wait after an attempt; they count from 1."""
        return next_wait(attempt, self.first, self.outage if trouble in OUTAGE else self.longest)


def verdict(
    claimed: Claimed, error: Undelivered, now: datetime, ways: tuple[NotificationChannel, ...], patience: Patience
) -> Outcome:
    """`ways`: all channels by which the holder of the seat can be reached."""
    other, unsure = _other(claimed, ways), claimed.unsure or error.unsure
    if error.trouble is Trouble.refused:
        return Moved(claimed, now, now, other, unsure, error.trouble) if other else Failed(claimed, now, error.trouble)
    if now - claimed.since > timedelta(hours=patience.give_up_hours):
        return Failed(claimed, now, error.trouble)
    wait = patience.until_next(claimed.attempt, error.trouble)
    if other and _tried_long_enough(claimed, now):
        # Once round, all of them: from then on there is a pause between attempts.
        due = now if claimed.attempt < len(ways) else now + wait
        return Moved(claimed, now, due, other, unsure, error.trouble)
    return Later(claimed, now + wait, unsure, error.trouble)


def _other(claimed: Claimed, ways: tuple[NotificationChannel, ...]) -> NotificationChannel | None:
    """The channel after this one that has not refused the notice for good; after the last comes the first."""
    here = claimed.message.channel
    place = ways.index(here) + 1 if here in ways else 0
    left = (way for way in (*ways[place:], *ways[:place]) if way is not here and way not in claimed.refused)
    return next(left, None)


def _tried_long_enough(claimed: Claimed, now: datetime) -> bool:
    return claimed.message.fall_over is not None and now >= claimed.message.fall_over


def give_back(claimed: Claimed, now: datetime) -> Later:
    """The claim is given up untried."""
    return Later(claimed, now, claimed.unsure, counts=False)
