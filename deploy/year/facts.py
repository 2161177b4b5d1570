"""Who is referred, by whom and from where, with the weights of a made-up region. None of it is data about anybody.

The weights are guesses of a plausible shape (most referrals from Hartford and from service providers, more in the months of
school, labor trafficking rarely told), not findings.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from shared.events.facts import Facts

MONTHS: Final = (7, 7, 9, 9, 10, 8, 6, 6, 10, 11, 9, 8)
"""How many come in January, February, and so on, beside one another."""

TYPES: Final = {"sex": 58, "labor": 17, "both": 6, "unsure": 19}
REPORTERS: Final = {
    "law_enforcement": 24,
    "service_provider": 27,
    "healthcare": 12,
    "school": 11,
    "hotline": 8,
    "family": 6,
    "community_member": 8,
    "self": 4,
}
CHANNELS: Final = {"web": 48, "phone": 30, "email": 6, "api": 16}
TOWNS: Final = {
    "hartford": 38,
    "east_hartford": 13,
    "manchester": 12,
    "west_hartford": 7,
    "windsor": 6,
    "bloomfield": 5,
    "glastonbury": 4,
    "south_windsor": 4,
    "elsewhere": 6,
    "unknown": 5,
}
AGES: Final = {
    "under_12": 3,
    "from_12_to_14": 12,
    "from_15_to_17": 27,
    "from_18_to_20": 15,
    "from_21_to_24": 12,
    "from_25_to_34": 14,
    "from_35_to_54": 8,
    "from_55": 1,
    "unknown": 8,
}
GENDERS: Final = {"female": 74, "male": 15, "transgender_female": 3, "transgender_male": 1, "non_conforming": 2, "unknown": 5}
RACES: Final = {
    "black": 31,
    "hispanic_or_latino": 33,
    "white": 19,
    "asian": 6,
    "american_indian_or_alaska_native": 1,
    "middle_eastern_or_north_african": 1,
    "native_hawaiian_or_pacific_islander": 1,
    "unknown": 6,
    "declined": 2,
}
LANGUAGES: Final = {"en": 64, "es": 24, "pt": 3, "pl": 2, "ht": 1, "zh": 1, "ar": 1, "und": 4}
CONTROL: Final = {
    "false_promises": 5,
    "takes_earnings": 4,
    "physical_threats": 4,
    "psychoactive_substances": 3,
    "debt_bondage": 2,
}
RELATIONSHIPS: Final = {"intimate_partner": 5, "acquainted": 4, "familial": 3, "unacquainted": 2, "unknown": 9}
MINORS: Final = {"under_12", "from_12_to_14", "from_15_to_17"}


def pick(rng: Random, weights: dict[str, int]) -> str:
    """One of them, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def facts(rng: Random) -> Facts:
    """One referral's coded facts."""
    age = pick(rng, AGES)
    told: dict[str, Any] = {
        "trafficking_type": pick(rng, TYPES),
        "gender": pick(rng, GENDERS),
        "race_ethnicity": tuple({pick(rng, RACES) for _ in range(1 if rng.random() < 0.9 else 2)}),
        "age_band": age,
        "minor": "unknown" if age == "unknown" else "yes" if age in MINORS else "no",
        "language": pick(rng, LANGUAGES),
        "reporter": pick(rng, REPORTERS),
        "channel": pick(rng, CHANNELS),
        "town_of_exploitation": pick(rng, TOWNS),
        "missing_child": age in MINORS and rng.random() < 0.18,
        "means_of_control": tuple(dict.fromkeys(pick(rng, CONTROL) for _ in range(rng.randrange(3)))),
        "relationship_to_trafficker": pick(rng, RELATIONSHIPS),
    }
    return Facts(**told)


def moment(rng: Random, begin: datetime) -> datetime:
    """Some time in the year that begins then: by month, and less in the night."""
    month = rng.choices(range(12), MONTHS)[0]
    year, number = begin.year + (begin.month - 1 + month) // 12, (begin.month - 1 + month) % 12 + 1
    day = datetime(year, number, 1, tzinfo=UTC) + timedelta(days=rng.uniform(0, 28))
    return day.replace(hour=rng.choices(range(24), [2] * 7 + [5] * 12 + [3] * 5)[0])
