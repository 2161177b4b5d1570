"""What a measurement that takes long to prepare has prepared, noted beside the data itself: gone when they are."""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient

from benchmarks.ground import Ground


class Kept:
    """Steps that are done, with what came of each."""

    def __init__(self, ground: Ground) -> None:
        self._steps = MongoClient[dict[str, Any]](ground.database.url)["benchmark"]["steps"]

    def get(self, step: str) -> Any:
        """What came of it; None where it has not been done."""
        found = self._steps.find_one({"_id": step})
        return found["came"] if found else None

    def note(self, step: str, came: Any) -> Any:
        """It is done."""
        self._steps.replace_one({"_id": step}, {"came": came}, upsert=True)
        return came
