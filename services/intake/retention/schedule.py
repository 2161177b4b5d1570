"""When the details of a referral that ended have to be destroyed: config/retention.yaml. Pure."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, create_model

from services.intake.access.standing import Ended
from shared.config_file import parse
from shared.config_model import usable
from shared.events.facts import Frozen
from shared.vocabulary import ClosureReason, RevokeReason, ScreenOutReason

REASONS = frozenset({*ClosureReason.terms(), *ScreenOutReason.terms(), RevokeReason.withdrawn.value})
"""Every way in which a referral ends."""

Days = create_model(
    "Days",
    __base__=Frozen,
    __doc__="For each reason a referral can end with, how many days after the end its details are kept.",
    **{reason: (Annotated[int, Field(ge=1)], ...) for reason in sorted(REASONS)},  # type: ignore[call-overload]
)


class Schedule(Frozen):
    """The whole file. A reason without a number is a mistake: nobody would notice that its details stay for ever."""

    days: Days

    def due(self, ended: Ended) -> datetime | None:
        """When they have to go; None for a reason that only a newer version knows: then a person has to decide."""
        days = getattr(self.days, ended.reason) if ended.reason in REASONS else None
        return None if days is None else ended.at + timedelta(days=days)


def load_schedule(config_dir: Path) -> Schedule:
    """Reads and checks retention.yaml. ConfigError with every mistake and its line; OSError."""
    file = config_dir / "retention.yaml"
    return usable(parse(str(file), file.read_bytes()), Schedule, (*REASONS, "days"))
