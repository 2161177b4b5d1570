"""One referral while a batch works on it: its state after each decision, and the entries to be written with it."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from services.routing.keeping.change import Change, Document
from services.routing.keeping.document import from_document
from services.routing.keeping.history import CLOCK, KEPT_WITH_THE_REFERRAL, By, entry
from services.routing.keeping.journal import Journal
from services.routing.life.likeness import ALONE, Likeness
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Happening


class Fold:
    """Starts from the stored document, or from nothing."""

    def __init__(self, document: Document | None, journal: Journal) -> None:
        self.referral: Referral | None = from_document(document) if document else None
        self.happened: list[Happening] = []
        self._document = document
        self._journal = journal
        self._entries: list[dict[str, Any]] = []
        self._history: list[dict[str, Any]] = []
        self._likeness: Likeness = ALONE
        self._changed = False

    def add(self, decided: Decided, cause: UUID | None, at: datetime, by: By = CLOCK) -> None:
        """Goes on from the new state. `cause` is the id of the event that led to it, `by` who or what did."""
        self.referral = decided.referral
        self.happened += decided.happened
        self._entries += self._journal.entries(decided, cause, at)
        if decided.happened:
            version = decided.referral.version + 1
            written = partial(entry, decided, version, by, at)
            self._history.append(decided.likeness.once(("history", version, by, at), written))
        self._likeness = ALONE if self._changed else decided.likeness
        self._changed = True

    @property
    def pending(self) -> Document | None:
        """The stored document, where events in it still wait to be published."""
        return self._document if self._document and self._document["outbox"] else None

    def change(self, answer: Document | None = None) -> Change | None:
        """What there is to write; with the answer to a command that has to be remembered, where there is one."""
        if not self._changed or self.referral is None:
            return None
        before = self._document or {}
        kept = before.get("history", ())
        return Change(
            self.referral,
            self._entries,
            before.get("outbox", ()),
            history=self._history,
            archive=kept if len(kept) + len(self._history) > KEPT_WITH_THE_REFERRAL else (),
            answer=answer,
            likeness=self._likeness,
        )
