"""People who take turns, and exceptions from it. Pure; a hand-over is at the same local time, summer and winter."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from services.notifications.directory.quiet import moment
from shared.events.facts import Frozen
from shared.hours import ZONE

PersonId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
"""A handle, such as `cca-advocate-1`. It stands in the ledger, so it is nobody's name."""

_DAYS = {"day": 1, "week": 7}


class Shift(NamedTuple):
    """`who` is on call from `begin` until before `end` (UTC)."""

    begin: datetime
    end: datetime
    who: str


def in_utc(written: datetime) -> datetime:
    """A time without a zone is meant as the clock on the wall."""
    return (written if written.tzinfo else written.replace(tzinfo=ZONE)).astimezone(UTC)


LocalMoment = Annotated[datetime, AfterValidator(in_utc)]


class Override(Frozen):
    """Somebody stands in. Of two for the same time the later in the file holds."""

    begin: LocalMoment = Field(alias="from")
    end: LocalMoment = Field(alias="until")
    who: PersonId

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.end <= self.begin:
            raise ValueError("write a time for `until` that is after `from`")
        return self


class Rotation(Frozen):
    """`people` in turn, each for `turns` days or weeks; the first one's turn begins on the day `since`."""

    people: Annotated[tuple[PersonId, ...], Field(min_length=1)]
    every: Literal["day", "week"] = "week"
    turns: Annotated[int, Field(ge=1, le=52)] = 1
    since: date
    hand_over: time = time(8)

    def shift(self, at: datetime) -> Shift:
        """The turn that `at` falls into."""
        today = at.astimezone(ZONE).date()
        # Compared as moments: by the wall, an hour that a clock change repeats would hand back what was handed over.
        day = today if at >= moment(today, self.hand_over) else today - timedelta(days=1)
        length = _DAYS[self.every] * self.turns
        turn = (day - self.since).days // length
        first = self.since + timedelta(days=turn * length)
        who = self.people[turn % len(self.people)]
        return Shift(moment(first, self.hand_over), moment(first + timedelta(days=length), self.hand_over), who)

    def shifts(self, begin: datetime, end: datetime) -> Iterator[Shift]:
        """All turns that touch the time from `begin` to `end`, in order."""
        while begin < end:
            yield (shift := self.shift(begin))
            begin = shift.end
