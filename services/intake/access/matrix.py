"""The table of grants written out: for each role, kind of agency and set of consents, what may be read."""

import sys
from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

from services.intake.access.consents import Consent
from services.intake.access.grants import FIELDS, Grants, load_grants
from services.intake.settings import IntakeSettings
from shared.agencies import AgencyKind
from shared.principal import Role

KINDS = tuple(kind for kind in AgencyKind if kind is not AgencyKind.sandbox)
CONSENTS = tuple(frozenset(some) for size in range(len(Consent) + 1) for some in combinations(Consent, size))


class Cell(NamedTuple):
    """One line of the table."""

    role: Role
    kind: AgencyKind
    held: frozenset[Consent]
    fields: frozenset[str]


def cells(grants: Grants) -> Iterator[Cell]:
    """Every combination there is."""
    for role, kind, held in product(Role, KINDS, CONSENTS):
        yield Cell(role, kind, held, grants.fields(role, kind, held))


def table(grants: Grants) -> str:
    """As Markdown. Combinations that may read nothing are left out."""
    rows = ["| role | agency | reporter agreed to | may read |", "|---|---|---|---|"]
    for cell in cells(grants):
        if cell.fields:
            held = ", ".join(sorted(cell.held)) or "nothing"
            rows.append(f"| {cell.role} | {cell.kind} | {held} | {_shortly(cell.fields, grants)} |")
    return "\n".join(rows) + "\n"


def _shortly(fields: frozenset[str], grants: Grants) -> str:
    whole = {name: group for name, group in grants.groups.items() if fields.issuperset(group)}
    rest = fields.difference(*whole.values())
    return ", ".join([*whole, *(name for name in FIELDS if name in rest)])


def grants() -> None:
    """Print who may read which details, as a Markdown table: the one in docs/security/details-matrix.md.

    Example: CONFIG_DIR=/path/to/copy python -m services.intake grants
    """
    try:
        found = load_grants(IntakeSettings().config_dir)
    except (OSError, ValueError) as error:
        sys.exit(f"details.yaml: {error}")
    sys.stdout.write(table(found))
