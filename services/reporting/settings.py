"""What reporting can be told."""

from pathlib import Path

from pydantic import Field

from shared.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Besides what every service has."""

    time_zone: str = Field("America/New_York", description="the zone in which days of a report begin and end")
    rebuild_cases: int = Field(20_000, ge=1, description="referrals that a rebuild holds in memory at once, about 4 kB each")
    public_threshold: int = Field(11, ge=1, description="the least figure that the public is shown")
    partner_threshold: int = Field(5, ge=1, description="the least figure that agencies' staff are shown")
    extract_secret_file: Path | None = Field(
        None, description="file with the secret of pseudonyms and of the ledger; without it no extract and no look at cases"
    )
    look_seconds: float = Field(0.5, gt=0, description="seconds between two looks for cases that changed")
    save_seconds: float = Field(
        600, ge=0, description="seconds after a change until the index of the cases is saved, for a quick start"
    )
    pause_seconds: float = Field(
        0.5, ge=0, description="seconds before each batch: nobody waits for a figure, and large batches cost everyone less"
    )
