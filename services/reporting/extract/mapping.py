"""How a case is told in the words of the Human Trafficking Case Data Standard (HTCDS 2.0, IOM). Pure.

Fields beginning with `ext_` are ours: the standard has none for them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.reporting.extract.anonymity import Key, Ladder, Saying, nothing
from services.reporting.extract.codes import Codes, codes
from services.reporting.figures.measure import Case

RECORD: Final = "ext_Record"
"""The pseudonym: the first field of every record."""
SEPARATOR: Final = ";"


@dataclass(frozen=True)
class Words:
    """What our terms are called; `otherwise` a term that is not listed, None: as it is. An empty word is left out."""

    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None

    def __call__(self, told: Codes) -> str:
        """All of them, each once."""
        words = (self.values.get(term, term if self.otherwise is None else self.otherwise) for term in told)
        return SEPARATOR.join(dict.fromkeys(filter(None, words)))


def fiscal_quarter(told: Codes) -> str:
    """2026-01 as FY2026-Q2."""
    year, month = map(int, told[0].split("-"))
    return f"FY{year + (month >= 10)}-Q{(month + 2) // 3 % 4 + 1}"


def fiscal_year(told: Codes) -> str:
    """2026-01 as FY2026."""
    return fiscal_quarter(told)[:6]


SPANS: Final[Mapping[str, Callable[[Codes], str]]] = {"fiscal_quarter": fiscal_quarter, "fiscal_year": fiscal_year}
"""What a month is a part of."""


@dataclass(frozen=True)
class Field:
    """One field. `source`: the name of the codes it tells. `ladder`: the coarser sayings of a quasi-identifier, None else."""

    name: str
    source: str
    says: str
    words: Words = Words()
    several: bool = False
    ladder: tuple[Callable[[Codes], str], ...] | None = None

    @property
    def rungs(self) -> Ladder:
        """From the finest saying to none."""
        return (self.words, *(self.ladder or ()), nothing)

    def describe(self) -> dict[str, Any]:
        """As whoever takes an extract is told."""
        return {"field": self.name, "says": self.says, "several": self.several, "made_coarser": self.ladder is not None}


@dataclass(frozen=True)
class Fields:
    """All fields in their order."""

    all: tuple[Field, ...]

    @property
    def quasi(self) -> tuple[Field, ...]:
        """The quasi-identifiers."""
        return tuple(one for one in self.all if one.ladder is not None)

    @property
    def ladders(self) -> list[Ladder]:
        """Those of the quasi-identifiers."""
        return [one.rungs for one in self.quasi]

    def key(self, case: Case, zone: ZoneInfo) -> Key:
        """The quasi-identifiers of a case as they are."""
        return tuple(codes(case, one.source, zone) for one in self.quasi)

    def record(self, case: Case, saying: Saying, zone: ZoneInfo) -> dict[str, str]:
        """Every field; the quasi-identifiers as they may be told."""
        coarse = dict(zip((one.name for one in self.quasi), saying, strict=True))
        return {
            one.name: coarse[one.name] if one.name in coarse else one.words(codes(case, one.source, zone)) for one in self.all
        }

    def named(self, names: Iterable[str]) -> list[Field]:
        """These of its fields, in its order."""
        wanted = set(names)
        return [one for one in self.all if one.name in wanted]
