"""The rows of a file of referrals, NDJSON or CSV, each with its key. Pure but for reading the lines it is given."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.intake.provider.columns import Columns
from services.intake.submission import Submission
from shared.fixes import fixes
from shared.problems import Fix


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: from 1, the heading not counted. `key`: the same for the same case, however often it is sent.

    `body`: the referral as JSON, or None with what to mend in `errors`.
    """

    number: int
    key: str
    body: bytes | None
    reference: str | None = None
    errors: tuple[Fix, ...] = ()


def from_ndjson(lines: Iterable[str]) -> Iterator[Row]:
    """One referral on each line, as the API takes it; besides, `reference` may hold the provider's own number for the case."""
    for number, line in enumerate((one for one in lines if one.strip()), 1):
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            yield Row(number, "", None, None, (Fix(field="body", fix="give one JSON object on a line"),))
            continue
        reference = told.pop("reference", None)
        yield checked(number, told, str(reference) if reference is not None else None)


def from_csv(lines: Iterable[str], columns: Columns) -> Iterator[Row]:
    """A heading, then a referral a row."""
    for number, row in enumerate(csv.DictReader(lines), 1):
        reference = (row.get(columns.reference) or "").strip() or None if columns.reference else None
        yield checked(number, columns.body(row), reference)


def checked(number: int, told: dict[str, Any], reference: str | None) -> Row:
    """The row of a referral: with a body where it is well-formed, else with what to mend."""
    try:
        submission = Submission.model_validate(told)
    except ValidationError as error:
        found = fixes(error.errors(include_input=False, include_url=False))
        return Row(number, "", None, reference, tuple(found))
    body = json.dumps(submission.model_dump(mode="json", exclude_unset=True), sort_keys=True).encode()
    return Row(number, _key(reference, body), body, reference)


def _key(reference: str | None, body: bytes) -> str:
    """Of the case where it has a number, else of what is told: two equal rows without one are the same referral."""
    return hashlib.sha256(b"reference " + reference.encode() if reference else b"body " + body).hexdigest()[:40]
