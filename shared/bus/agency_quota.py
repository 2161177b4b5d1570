"""What one agency's system may use of the bus, as config/bus.yaml says."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field


class AgencyQuota(BaseModel):
    """config/bus.yaml, `agency_quota`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    producer_byte_rate: float = Field(gt=0)
    consumer_byte_rate: float = Field(gt=0)
    request_percentage: float = Field(gt=0)


def load_quota(config_dir: Path) -> AgencyQuota:
    """Reads and checks bus.yaml. ValueError says what is wrong in it."""
    return AgencyQuota.model_validate(yaml.safe_load((config_dir / "bus.yaml").read_text())["agency_quota"])
