"""What is done with people's details, as the audit writes it down. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What was done."""

    details_read = "details_read"
    reading_refused = "reading_refused"
    attachments_listed = "attachments_listed"
    attachment_read = "attachment_read"
    original_read = "original_read"
    duplicates_read = "duplicates_read"
    messages_read = "messages_read"
    question_asked = "question_asked"
    hold_set = "hold_set"
    hold_lifted = "hold_lifted"
    destroyed = "destroyed"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, or refused. No value of a person's details is ever part of it.

    `kind`: a term of Kind, or of a later version. `subject`: the issuer's id of who did it, or `operator` for a command on the
    host. `fields`: names of what was read.
    `purpose`: a term: what for; for a destruction, why.
    """

    at: datetime
    kind: str
    referral: str
    subject: str
    role: str
    agency: str
    purpose: str
    fields: tuple[str, ...] = ()

    def message(self, number: int) -> bytes:
        """What the digest of its entry is over: the same for ever, as old entries are checked by it."""
        told = [
            number, self.at.isoformat(timespec="milliseconds"), str(self.kind), self.referral, self.subject, self.role,
            self.agency, self.purpose, list(self.fields),
        ]  # fmt: skip
        return json.dumps(told, ensure_ascii=True).encode()
