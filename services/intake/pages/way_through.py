"""Which question comes next. Pure."""

from collections.abc import Sequence

from services.intake.pages.question import Answers, Question, Way


def asked(questions: Sequence[Question], way: Way, answers: Answers) -> list[Question]:
    """The questions of this way that make sense after what was answered, in their order.

    An answer to a question that is asked no more, as an earlier answer changed, counts for nothing.
    """
    found: list[Question] = []
    for one in questions:
        if way in one.ways and one.asked(standing(found, answers)):
            found.append(one)
    return found


def standing(asked_for: Sequence[Question], answers: Answers) -> Answers:
    """The answers to these questions alone: what is checked and sent."""
    return {name: answers[name] for one in asked_for for name in one.names if name in answers}


def next_question(questions: Sequence[Question], way: Way, answers: Answers, after: str, *, changing: bool) -> Question | None:
    """The question after the one named; None where the answers are to be checked.

    `changing`: an answer was changed from the check page, which comes back at once unless the change brought up new questions.
    """
    left = asked(questions, way, answers)
    if changing:
        return next((one for one in left if not is_answered(one, answers)), None)
    order = [one.id for one in questions]
    return next((one for one in left if order.index(one.id) > order.index(after)), None)


def question_before(questions: Sequence[Question], way: Way, answers: Answers, before: str) -> Question | None:
    """The question before the one named, or before the check page where none has that name; None at the beginning."""
    order = [one.id for one in questions]
    place = order.index(before) if before in order else len(order)
    return next((one for one in reversed(asked(questions, way, answers)) if order.index(one.id) < place), None)


def is_answered(question: Question, answers: Answers) -> bool:
    """Whether the question was passed."""
    return all(name in answers for name in question.names)
