"""How many sends are taken at once before they wait their turn: by form, by visitor, and in all. Pure, in memory alone."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Crowd(StrEnum):
    """Where too many came from."""

    form = "form"
    visitor = "visitor"
    system = "system"


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` at once, then one every `seconds`."""

    burst: int
    seconds: float


PACES = {Crowd.form: Pace(5, 12.0), Crowd.visitor: Pace(20, 15.0), Crowd.system: Pace(120, 0.5)}
"""A shelter or a police station may look like one visitor: it is never refused, it only waits."""

REMEMBERED = 20_000
"""Forms and visitors kept in mind, the latest ones: about 4 MB."""


class Throng:
    """Counts sends. It knows a visitor by a digest under a key that is drawn each day and written down nowhere."""

    def __init__(self) -> None:
        self._full_again: OrderedDict[Hashable, float] = OrderedDict()
        self._key, self._day = secrets.token_bytes(32), date.min

    def crowded(self, form: str | None, address: str, at: datetime) -> Crowd | None:
        """Counts a send; where it comes too soon, says by which count. `address`: the visitor's, forgotten at once."""
        visitor = self._digest(address, at.date())
        for crowd, whose in ((Crowd.form, form), (Crowd.visitor, visitor), (Crowd.system, "")):
            if whose is not None and not self._takes((crowd, whose), PACES[crowd], at.timestamp()):
                return crowd
        return None

    def _takes(self, whose: Hashable, pace: Pace, now: float) -> bool:
        """Generic cell rate algorithm: one number a bucket, the time at which it will be full again."""
        full_again = max(now, self._full_again.pop(whose, now)) + pace.seconds
        taken = full_again - now <= pace.burst * pace.seconds
        self._full_again[whose] = full_again if taken else full_again - pace.seconds
        if len(self._full_again) > REMEMBERED:
            self._full_again.popitem(last=False)
        return taken

    def _digest(self, address: str, day: date) -> bytes:
        if day != self._day:
            self._key, self._day = secrets.token_bytes(32), day
        return hmac.digest(self._key, address.encode(), hashlib.sha256)
