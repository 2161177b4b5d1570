"""The targets that times are held against, from config/targets.yaml: the taskforce's practice, not law."""

from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import Field, RootModel, model_validator

from services.reporting.figures.measure import Targets
from services.reporting.measures import TIMINGS
from shared.vocabulary import Urgency


class _TargetsFile(RootModel[dict[str, dict[Urgency, timedelta]]]):
    root: dict[str, dict[Urgency, timedelta]] = Field(description="target by measure and urgency, ISO 8601 durations")

    @model_validator(mode="after")
    def _known(self) -> "_TargetsFile":
        unknown = sorted(set(self.root) - set(TIMINGS))
        if unknown:
            raise ValueError(f"targets: no such measure: {', '.join(unknown)}; there are {', '.join(TIMINGS)}")
        if any(target <= timedelta(0) for targets in self.root.values() for target in targets.values()):
            raise ValueError("targets: a target has to be longer than nothing")
        return self


def load_targets(config_dir: Path) -> Targets:
    """Reads and checks targets.yaml. ValueError says what is wrong. A measure without targets is shown without a share."""
    content = yaml.safe_load((config_dir / "targets.yaml").read_text())
    targets = _TargetsFile.model_validate(content).root
    return {name: {urgency.value: target for urgency, target in by.items()} for name, by in targets.items()}
