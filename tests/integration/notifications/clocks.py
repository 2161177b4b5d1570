"""Clocks that a test sets."""

from datetime import UTC, datetime, timedelta

from shared.clock import now


class WallClock:
    """The clock on the wall, set ahead or back by somebody."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.ahead


class Hands:
    """A clock that stands still and that somebody moves."""

    def __init__(self, at: datetime = datetime(2026, 11, 25, 17, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at
