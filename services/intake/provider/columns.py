"""Which column of a provider's table goes into which field of a referral. Pure.

A mapping is a YAML file:

    columns: {Town: facts.town_of_exploitation, Client: details.victim.names, Story: details.narrative}
    values: {facts.gender: {F: female, M: male}}        # what the table says, and our term for it
    constants: {facts.reporter: service_provider}       # the same for every row
    reference: Case No                                  # column with the provider's own number for the case
    separator: ";"                                      # between the entries of a list in one cell
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, model_validator

from services.intake.submission import Submission
from services.intake.vault.leaves import grown, names
from shared.events.facts import Frozen

FIELDS = frozenset(names(Submission))


class Columns(Frozen):
    """A mapping. Columns that it does not name are passed over; an empty cell is a field that is not told."""

    columns: dict[str, str]
    values: dict[str, dict[str, str]] = {}
    constants: dict[str, Any] = {}
    reference: str | None = None
    separator: str = ";"

    @model_validator(mode="after")
    def _fields_that_exist(self) -> "Columns":
        told = {*self.columns.values(), *self.values, *self.constants}
        if unknown := sorted(told - FIELDS):
            raise ValueError(f"there are no fields {', '.join(unknown)}; there are {', '.join(sorted(FIELDS))}")
        return self

    def body(self, row: Mapping[str, str | None]) -> dict[str, Any]:
        """The referral in a row, not yet checked."""
        found = dict(self.constants)
        for column, field in self.columns.items():
            text = (row.get(column) or "").strip()
            if text:
                found[field] = self._value(field, text)
        return grown(found)

    def _value(self, field: str, text: str) -> Any:
        terms = self.values.get(field, {})
        if not _is_list(Submission, field):
            return terms.get(text, text)
        entries = [entry.strip() for entry in text.split(self.separator)]
        return [terms.get(entry, entry) for entry in entries if entry]


def _is_list(model: type[BaseModel], name: str) -> bool:
    """Lists are the fields whose default is an empty one."""
    first, _, rest = name.partition(".")
    field = model.model_fields[first]
    if not rest:
        return isinstance(field.default, tuple)
    inner = (field.annotation, *getattr(field.annotation, "__args__", ()))
    return _is_list(next(one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), rest)
