"""A configuration with as many rules as a bench asks for: the shipped ones, and more that look at other facts."""

from __future__ import annotations

import shutil
from itertools import cycle, islice, product
from pathlib import Path

import yaml

from services.routing.rules.book import FILES

SHIPPED = Path("config")
CONDITIONS = {
    "gender": ("female", "male"),
    "recruitment": ("online_advertisement", "work"),
    "relationship_to_trafficker": ("familial", "intimate_partner"),
    "means_of_control": ("psychoactive_substances", "uses_children"),
    "age_band": ("from_18_to_20", "from_55"),
    "language": ("es", "pl"),
    "town_of_residence": ("windsor", "manchester"),
}


def write(folder: Path, count: int) -> Path:
    """A copy of the configuration with `count` rules in all. Each added one asks for three facts at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(SHIPPED / name, folder / name)
    content = yaml.safe_load((folder / "rules.yaml").read_text())
    lines = [(name, word) for name, words in CONDITIONS.items() for word in words]
    triples = (dict(three) for three in product(lines, repeat=3) if len({name for name, _ in three}) == 3)
    for number, when in enumerate(islice(cycle(triples), count - len(content["rules"]))):
        content["rules"].append(
            {
                "id": f"more_{number}",
                "when": when,
                "offer": [{"to": "cca", "role": "advocate"}],
                "urgency": "routine",
                "why": "One of many rules, to see what many cost.",
            }
        )
    (folder / "rules.yaml").write_text(yaml.safe_dump(content))
    return folder
