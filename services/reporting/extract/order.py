"""What a partner asks for: a period that is over, for an agreed purpose, and which fields. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from services.reporting.extract.mapping import Field, Fields
from services.reporting.extract.partners import Partner
from services.reporting.reports.period import Period
from services.reporting.reports.question import Unclear
from shared.clock import Clock

_KIND: Final = {
    "fiscal_year": r"FY\d{4}",
    "fiscal_quarter": r"FY\d{4}-Q\d",
    "calendar_year": r"CY\d{4}",
    "calendar_quarter": r"CY\d{4}-Q\d",
}

_EXAMPLE: Final = {
    "fiscal_year": "FY2026",
    "fiscal_quarter": "FY2026-Q1",
    "calendar_year": "CY2026",
    "calendar_quarter": "CY2026-Q1",
}


@dataclass(frozen=True)
class Order:
    """`subject`: the issuer's id of who takes it. `name`: of the period."""

    partner: Partner
    subject: str
    name: str
    period: Period
    purpose: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Desk:
    """Where orders are taken: what there is, and where days begin."""

    fields: Fields
    zone: ZoneInfo
    clock: Clock

    def order(self, partner: Partner, subject: str, name: str, pairs: Iterable[tuple[str, str]]) -> Order:
        """The order. Unclear where it makes no sense, or asks for what was not agreed."""
        told = [(key, value) for key, value in pairs if value]
        purposes, columns = (tuple(value for key, value in told if key == one) for one in ("purpose", "column"))
        period, theirs = self._period(partner, name), self.theirs(partner)
        wrong = {
            "": bool({key for key, _ in told} - {"purpose", "column"}),
            "period": period is None,
            "purpose": len(purposes) != 1 or purposes[0] not in partner.purposes,
            "column": bool({*columns} - {field.name for field in theirs}),
        }
        if period is None or any(wrong.values()):
            fixes = self._fixes(partner)
            raise Unclear([(what, fixes[what]) for what, is_wrong in wrong.items() if is_wrong])
        chosen = [field for field in theirs if not columns or field.name in columns]
        return Order(partner, subject, name, period, purposes[0], chosen)

    def _fixes(self, partner: Partner) -> dict[str, str]:
        return {
            "": "take out what is none of purpose, column",
            "period": f"give a {partner.every.replace('_', ' ')} that is over, such as {_EXAMPLE[partner.every]}",
            "purpose": f"say what for: one of {', '.join(partner.purposes)}",
            "column": f"give any of {', '.join(field.name for field in self.theirs(partner))}",
        }

    def theirs(self, partner: Partner) -> list[Field]:
        """The fields that the partner may have."""
        return self.fields.named(partner.fields) if partner.fields else list(self.fields.all)

    def _period(self, partner: Partner, name: str) -> Period | None:
        if not re.fullmatch(_KIND[partner.every], name):
            return None
        try:
            period = Period.called(name, self.zone)
        except ValueError:
            return None
        assert period.last is not None
        return period if period.last < self.clock().astimezone(self.zone).date() else None
