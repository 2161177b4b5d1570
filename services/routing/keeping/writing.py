"""A change as MongoDB writes it, and what its answer says of changes that were too late."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.routing.keeping.change import Change, Document
from services.routing.keeping.document import to_document
from shared.delivery.errors import Unavailable

_DUPLICATE_KEY = 11000
REMEMBERED_ANSWERS = 50
"""So many commands of a referral are remembered with their answers; an older one that comes again meets another version."""


def operation(change: Change, stamp: UUID) -> InsertOne[dict[str, Any]] | UpdateOne:
    """A new document, or an update of the version that was decided on. `stamp`: of the write that it is a part of."""
    document = to_document(change.referral)
    document["version"] += 1
    document["stamp"] = stamp
    if change.is_first:
        document["outbox"] = change.entries
        document["history"] = change.history
        return InsertOne(document)
    unchanged = {"_id": document.pop("_id"), "version": change.referral.version}
    push: Document = {"outbox": {"$each": list(change.entries)}}
    if change.archive:
        document["history"] = change.history
    else:
        push["history"] = {"$each": list(change.history)}
    if change.answer:
        push["answered"] = {"$each": [change.answer], "$slice": -REMEMBERED_ANSWERS}
    return UpdateOne(unchanged, {"$set": document, "$push": push})


def duplicates(error: BulkWriteError, changes: Sequence[Change]) -> set[UUID]:
    """Which of the new referrals another instance had written first. Unavailable where it is unknown what was written."""
    if error.details["writeConcernErrors"]:
        raise Unavailable("mongodb: write concern") from None
    failed = error.details["writeErrors"]
    if any(one["code"] != _DUPLICATE_KEY for one in failed):
        raise error
    return {changes[one["index"]].referral.id for one in failed}
