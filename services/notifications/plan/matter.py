"""What notices are about: an event of routing, in the few facts that telling somebody of it needs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.vocabulary import AssignmentRole, Urgency


@dataclass(frozen=True, slots=True)
class Matter:
    """`about` is the event's id, `sequence` its place in the referral's life, `at` its time, `when` its name in notices.yaml.

    `agency`: whose part it is. `asked_as` and `answer_by`: where somebody is asked for an answer.
    """

    about: UUID
    referral: UUID
    correlation: UUID
    sequence: int
    at: datetime
    when: str
    urgency: Urgency
    agency: str | None = None
    asked_as: AssignmentRole | None = None
    answer_by: datetime | None = None
