"""When the details of a referral that ended have to be destroyed: config/retention.yaml. Pure."""

from datetime import datetime, timedelta
from pathlib import Path

import yaml
from pydantic import model_validator

from services.intake.access.standing import Ended
from shared.events.facts import Frozen
from shared.vocabulary import ClosureReason, RevokeReason, ScreenOutReason

REASONS = frozenset({*ClosureReason.terms(), *ScreenOutReason.terms(), RevokeReason.withdrawn.value})
"""Every way in which a referral ends."""


class Schedule(Frozen):
    """`days`: for each reason, how many days after the end the details are kept. A reason without a number is a mistake."""

    days: dict[str, int]

    @model_validator(mode="after")
    def _every_reason(self) -> "Schedule":
        if wrong := sorted(REASONS ^ set(self.days)):
            raise ValueError(
                f"give a number of days for every reason a referral can end with, and no other: {', '.join(wrong)}"
            )
        if any(days < 1 for days in self.days.values()):
            raise ValueError("keep details for one day at least")
        return self

    def due(self, ended: Ended) -> datetime | None:
        """When they have to go; None for a reason that only a newer version knows: then a person has to decide."""
        days = self.days.get(ended.reason)
        return None if days is None else ended.at + timedelta(days=days)


def load_schedule(config_dir: Path) -> Schedule:
    """Reads and checks retention.yaml. ValueError says what is wrong in it."""
    return Schedule.model_validate(yaml.safe_load((config_dir / "retention.yaml").read_text()))
