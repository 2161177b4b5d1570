"""From answers to a referral as the use case takes it."""

from typing import Any

from services.intake.details import Details
from services.intake.pages.question import Answers
from services.intake.submission import Submission, SubmittedFacts
from shared.vocabulary import Channel

_SECTIONS = (
    ("happening", "What is happening"),
    ("parents", "Parents or caretakers"),
    ("harm", "Harm, and when"),
    ("learned", "How it became known"),
    ("done", "What was done"),
)
"""Fields that make up the narrative, with the words above each for the staff who read it."""

_FACTS = {
    "type": "trafficking_type",
    "age": "age_band",
    "gender": "gender",
    "language": "language",
    "town": "town_of_exploitation",
    "home": "town_of_residence",
    "police": "police_consent",
    "release": "release",
    "contact": "safe_contact",
}
_LISTS = {
    "labor": "labor_exploitation",
    "sex": "sex_exploitation",
    "control": "means_of_control",
    "works_there": "excluded_agencies",
}


def submission(answers: Answers) -> Submission:
    """The referral: only what was asked and answered is in it."""
    return Submission(facts=SubmittedFacts(**_facts(answers)), details=Details(**_details(answers)))


def _one(answers: Answers, name: str) -> str:
    return next(iter(answers.get(name, ())), "")


def _facts(answers: Answers) -> dict[str, Any]:
    facts: dict[str, Any] = {fact: _one(answers, name) for name, fact in _FACTS.items() if _one(answers, name)}
    facts |= {fact: answers[name] for name, fact in _LISTS.items() if name in answers}
    told_name = any(_one(answers, name) for name in ("my_name", "my_phone", "my_email"))
    return facts | {
        "channel": Channel.web,
        "reporter": reporter(answers),
        "anonymous": not told_name,
        "immediate_danger": _one(answers, "danger") == "yes",
        "missing_child": _one(answers, "missing") == "yes",
        "no_voicemail": _one(answers, "voicemail") != "yes",
    }


def reporter(answers: Answers) -> str:
    """Who tells it, as the vocabulary has it."""
    if _one(answers, "who") == "self":
        return "self"
    return _one(answers, "reporter") or _one(answers, "relation") or "community_member"


def _details(answers: Answers) -> dict[str, Any]:
    parts = [(title, _one(answers, name)) for name, title in _SECTIONS if _one(answers, name)]
    narrative = parts[0][1] if len(parts) == 1 else "\n\n".join(f"{title}:\n{text}" for title, text in parts)
    people = {
        "victim": _person(answers, names="person_name", phone="person_phone", address="person_address", other="person_other"),
        "reporter": _person(answers, name="my_name", phone="my_phone", email="my_email"),
        "suspect": _person(answers, names="suspect_name", description="suspect_look", whereabouts="suspect_where"),
    }
    words = {"narrative": narrative, "place": _one(answers, "place"), "safe_contact": _one(answers, "my_times")}
    return {name: value for name, value in (words | people).items() if value}


def _person(answers: Answers, **fields: str) -> dict[str, Any]:
    told = {name: _one(answers, field) for name, field in fields.items() if _one(answers, field)}
    return {name: (value,) if name == "names" else value for name, value in told.items()}
