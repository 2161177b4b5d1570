"""A million cases in reporting's database, with their numbers and their index, as if they had come by the topics.

The cases are those of some thousand made-up lives (`told`), over and over again under other ids. To fold and to store them one
by one would take half an hour; so the documents are copied as bytes, and the sets of the index are shifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import bson
from bson.raw_bson import RawBSONDocument
from pymongo.write_concern import WriteConcern
from pyroaring import BitMap

from benchmarks.bench import Bench
from benchmarks.told import events_of, lives
from services.reporting.cases.projections import Case, fold
from services.reporting.index.caseload import OVERLAP
from services.reporting.index.index import Index
from services.reporting.index.memberships import memberships
from services.reporting.index.saved_index import Mark, SavedIndex, meaning
from services.reporting.settings import ReportingSettings
from services.reporting.store import LIVE, Cases
from shared import mongo

AT_ONCE = 5000


def cases() -> list[Case]:
    """What the lives' events come to."""
    found = []
    for one in lives():
        case: Case = {"_id": str(one.id)}
        for _, event in events_of(one):
            case = fold(case, event) or case
        found.append(case)
    return found


async def store(bench: Bench, url: str, referrals: int) -> None:
    """Fills the database."""
    client, zone = mongo.connect(url), ZoneInfo(ReportingSettings.model_fields["time_zone"].default)
    database = mongo.database(client, "reporting")
    quick, live, told = client.get_database("reporting", write_concern=WriteConcern(w=1)), Cases(database[LIVE]), cases()
    at = await live.clock()
    documents, numbers = _copies(told, referrals, at), 0
    while some := list(islice(documents, AT_ONCE)):
        await quick[LIVE].insert_many([document for _, document in some], ordered=False)
        await quick["numbers"].insert_many(
            [{"_id": id_, "number": number} for number, (id_, _) in enumerate(some, numbers)], ordered=False
        )
        numbers += len(some)
        if numbers % 250_000 == 0:
            bench.say(f"{numbers:,} cases are stored")
    await quick["numbers"].insert_one({"_id": "next", "next": numbers})
    await live.ensure_indexes()
    mark, done = Mark(meaning(zone), await live.identity()), await live.clock() + OVERLAP  # as a rebuild does
    await SavedIndex(database).save(_index(told, referrals, zone), mark, done)
    client.close()


def _copies(told: list[Case], referrals: int, at: Any) -> Iterator[tuple[str, RawBSONDocument]]:
    rng = Random(2)
    raw = [(str(case["_id"]).encode(), bson.encode({**case, "changed": at})) for case in told]
    for number in range(referrals):
        id_, document = raw[number % len(raw)]
        other = str(UUID(int=rng.getrandbits(128), version=4))
        yield other, RawBSONDocument(document.replace(id_, other.encode()))


def _index(told: list[Case], referrals: int, zone: ZoneInfo) -> Index:
    """The lives' numbers, over and over again."""
    one, whole, everyone = Index(), Index(), BitMap(range(referrals))
    one.put({number: memberships(case, zone) for number, case in enumerate(told)})
    for place, members in one.every():
        whole.add(place, BitMap().union(*(members.shift(start) for start in range(0, referrals, len(told)))) & everyone)
    whole.pack()
    return whole
