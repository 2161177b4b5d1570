"""What is decided by: the files of config/ that say who is told of what."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from services.notifications.directory.directory import EVERY_CHANNEL, Directory, load_directory
from services.notifications.plan.policy import Policy, load_policy
from shared.agencies import load_agencies
from shared.vocabulary import NotificationChannel


@dataclass(frozen=True, slots=True)
class Rules:
    """`scale` multiplies every duration of the policy."""

    policy: Policy
    directory: Directory
    scale: float = 1.0


def load_rules(
    config_dir: Path,
    scale: float = 1.0,
    channels: Collection[NotificationChannel] = EVERY_CHANNEL,
    *,
    group_storms: bool = True,
) -> Rules:
    """Reads and checks all the files. ValueError says what is wrong in which, and what to do."""
    directory = load_directory(config_dir, load_agencies(config_dir), channels)
    policy = load_policy(config_dir)
    return Rules(policy if group_storms else policy.model_copy(update={"storms": None}), directory, scale)
