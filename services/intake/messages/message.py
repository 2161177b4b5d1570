"""One message between the coordinator and a reporter, and what it is when it is encrypted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

LONGEST = 4_000
"""Characters of a message."""
MOST = 100
"""Messages of one referral: about a megabyte of ciphertext at most. Whoever has more to say should call."""


class By(StrEnum):
    """Who wrote it."""

    coordinator = "coordinator"
    reporter = "reporter"


@dataclass(frozen=True, slots=True)
class Message:
    """`number`: its place among the referral's messages, from 1 without gaps. `answers`: the question that it answers.

    `by` is the coordinator's side as a whole: the audit knows the person.
    """

    id: UUID
    number: int
    by: By
    at: datetime
    text: str
    answers: UUID | None = None


def field_of(id_: UUID) -> str:
    """The name that the vault binds the ciphertext to."""
    return f"messages.{id_}"


def content(message: Message) -> dict[str, Any]:
    """What is encrypted: all of it, so that neither its author nor its place can be changed in the database."""
    answers = str(message.answers) if message.answers else None
    return {"number": message.number, "by": message.by.value, "at": message.at, "text": message.text, "answers": answers}


def message(id_: UUID, found: Mapping[str, Any]) -> Message:
    """The message again."""
    answers = UUID(found["answers"]) if found["answers"] else None
    return Message(id_, found["number"], By(found["by"]), found["at"], found["text"], answers)


def is_whole(messages: Sequence[Message]) -> bool:
    """Whether none is missing, doubled or out of order."""
    return [one.number for one in messages] == list(range(1, len(messages) + 1))


def open_questions(messages: Sequence[Message]) -> list[Message]:
    """The coordinator's questions that have no answer yet, oldest first."""
    answered = {one.answers for one in messages}
    return [one for one in messages if one.by is By.coordinator and one.id not in answered]
