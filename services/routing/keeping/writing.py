"""A change as MongoDB writes it, and what its answer says of changes that were too late."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.routing.keeping.change import Change, Document
from services.routing.keeping.document import to_document
from services.routing.keeping.stencil import document
from shared.delivery.errors import Unavailable

_DUPLICATE_KEY = 11000
REMEMBERED_ANSWERS = 50
"""So many commands of a referral are remembered with their answers; an older one that comes again meets another version."""


def operations(changes: Iterable[Change], stamp: UUID) -> list[Any]:
    """New documents, and updates of the versions that were decided on. `stamp`: of this write alone."""
    return [InsertOne(document(change, stamp)) if change.is_first else _update(change, stamp) for change in changes]


def _update(change: Change, stamp: UUID) -> UpdateOne:
    state = to_document(change.referral)
    state["version"] += 1
    state["stamp"] = stamp
    unchanged = {"_id": state.pop("_id"), "version": change.referral.version}
    push: Document = {"outbox": {"$each": list(change.entries)}}
    if change.archive:
        state["history"] = change.history
    else:
        push["history"] = {"$each": list(change.history)}
    if change.answer:
        push["answered"] = {"$each": [change.answer], "$slice": -REMEMBERED_ANSWERS}
    return UpdateOne(unchanged, {"$set": state, "$push": push})


def duplicates(error: BulkWriteError, changes: Sequence[Change]) -> set[UUID]:
    """Which of the new referrals another instance had written first. Unavailable where it is unknown what was written."""
    if error.details["writeConcernErrors"]:
        raise Unavailable("mongodb: write concern") from None
    failed = error.details["writeErrors"]
    if any(one["code"] != _DUPLICATE_KEY for one in failed):
        raise error
    return {changes[one["index"]].referral.id for one in failed}
