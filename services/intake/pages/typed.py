"""What came back from a question's page: the answers in it, and what has to be mended. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake.pages.question import N_, Answers, Field, Question

Form = Mapping[str, Sequence[str]]
"""A form's fields as they were sent."""

CHOOSE = N_("Choose an answer. You can choose “I do not know” where you see it.")
TOO_LONG = N_("Make this shorter: %(limit)s letters at most.")
ONE_WAY = N_("Write at least one thing here, or go back and choose that we do not reach you.")
NOTHING = N_("Write something here, or go back.")
TOO_MUCH = N_("This is more than we can take at once. Make it shorter. You can tell us more later.")


@dataclass(frozen=True, slots=True)
class Fault:
    """`field`: the name of the field to mend. `sentence`: how, to be translated; it may name the `limit`."""

    field: str
    sentence: str
    limit: int = 0


def read(question: Question, form: Form) -> tuple[Answers, tuple[Fault, ...]]:
    """The answers as far as they can be kept, and what is wrong with them. Nothing that was typed is dropped."""
    if question.choices:
        return _chosen(question, form)
    answers = {field.name: typed(form.get(field.name, ())) for field in question.fields}
    faults = [Fault(one.name, TOO_LONG, one.limit) for one in question.fields if _is_too_long(one, answers)]
    if question.needs_one and not any(answers.values()):
        faults.append(Fault(question.fields[0].name, ONE_WAY))
    return answers, tuple(faults)


def _chosen(question: Question, form: Form) -> tuple[Answers, tuple[Fault, ...]]:
    sent = form.get(question.id, ())
    chosen = tuple(one.value for one in question.choices if one.value in sent)
    if not question.many:
        chosen = chosen[:1]
    if not chosen and not question.many:
        return {}, (Fault(question.id, CHOOSE),)
    return {question.id: chosen}, ()


def typed(sent: Sequence[str]) -> tuple[str, ...]:
    """The text without line ends of Windows, without characters that do not print, and without space around it."""
    text = "".join(sent[:1]).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()
    return (text,) if text else ()


def _is_too_long(field: Field, answers: Answers) -> bool:
    return len("".join(answers[field.name])) > field.limit
