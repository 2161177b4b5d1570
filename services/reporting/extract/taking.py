"""Takes an extract: every record of a period that is over, made as coarse as the partner's k asks for.

The cases are read twice, both times as of one moment: first for how many are alike, then for the records themselves. In between
the ledger gets its entry; without it there is no first byte. Records come in the order of their pseudonyms, so that the order
says nothing of when somebody was received, and that of one partner nothing of another's.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from uuid import UUID

from services.reporting.extract.anonymity import Key, Plan, plan
from services.reporting.extract.codes import may_leave
from services.reporting.extract.deed import Deed, Kind
from services.reporting.extract.ledger import Busy, Ledger
from services.reporting.extract.lines import FORMATS
from services.reporting.extract.mapping import RECORD, Fields
from services.reporting.extract.order import Order
from services.reporting.extract.pseudonym import Seal
from services.reporting.extract.reading import Reading
from shared.clock import Clock

AT_ONCE: Final = 500
MOST_TRIES: Final = 5
Moment = Callable[[], AbstractAsyncContextManager[Reading]]


class Extracts:
    """The use case."""

    def __init__(self, moment: Moment, ledger: Ledger, seal: Seal, fields: Fields, clock: Clock) -> None:
        self._moment = moment
        self._ledger = ledger
        self._seal = seal
        self._fields = fields
        self._clock = clock

    async def stream(self, order: Order, ending: str) -> AsyncIterator[bytes]:
        """The file's head as soon as the entry is safe, then its records. Before the first of these: Busy, PyMongoError."""
        written = FORMATS[ending]
        async with self._moment() as reading:
            counts, places = await self._count(reading, order)
            planned = await self._enter(order, ending, counts)
            yield written.head(order.fields).encode()
            for start in range(0, len(places), AT_ONCE):
                records = await self._records(reading, order, planned, places[start : start + AT_ONCE])
                yield "".join(written.line(order.fields, record) for record in records).encode()

    async def _count(self, reading: Reading, order: Order) -> tuple[Counter[Key], list[bytes]]:
        """How many records have each key; and pseudonym and id of each record, one behind the other, in their order."""
        assert order.period.since
        assert order.period.until
        counts: Counter[Key] = Counter()
        places = []
        async for case in reading.received(order.period.since, order.period.until):
            if may_leave(case):
                counts[self._fields.key(case, order.period.zone)] += 1
                pseudonym = self._seal.pseudonym(order.partner.id, case["_id"])
                places.append(bytes.fromhex(pseudonym) + UUID(case["_id"]).bytes)
        return counts, sorted(places)

    async def _enter(self, order: Order, ending: str, counts: Counter[Key]) -> Plan:
        """How the records are told, once that is in the ledger: never finer than in an earlier extract of the same period."""
        quasi = self._fields.quasi
        for _ in range(MOST_TRIES):
            newest, known = await self._ledger.newest(), await self._ledger.levels(order.partner.id, order.name)
            floor = [min(known.get(one.name, 0), len(one.rungs) - 1) for one in quasi]
            partner = order.partner
            planned = await asyncio.to_thread(plan, counts, self._fields.ladders, partner.k, partner.withhold, floor)
            levels = dict(zip((one.name for one in quasi), planned.levels, strict=True))
            told = self._told(order, ending) | {"levels": levels, "rows": planned.records, "withheld": planned.withheld}
            if await self._ledger.add_behind(newest, Deed(self._clock(), Kind.extract_taken.value, order.subject, told)):
                return planned
        raise Busy

    def _told(self, order: Order, ending: str) -> dict[str, Any]:
        partner, columns = order.partner, [one.name for one in order.fields]
        what = {"partner": partner.id, "period": order.name, "purpose": order.purpose, "format": ending}
        return what | {"columns": columns, "k": partner.k}

    async def _records(self, reading: Reading, order: Order, planned: Plan, places: list[bytes]) -> list[dict[str, str]]:
        ids = [str(UUID(bytes=place[-16:])) for place in places]
        cases, zone, records = await reading.some(ids), order.period.zone, []
        for place, id_ in zip(places, ids, strict=True):
            saying = planned.saying(self._fields.key(cases[id_], zone))
            if saying is not None:
                records.append({RECORD: place[:-16].hex(), **self._fields.record(cases[id_], saying, zone)})
        return records
