"""From validation errors to advice: which field, and how to mend it. Never a value, never a name that we do not know.

Only three things reach the answer: paths made of our own field names and list positions, limits and terms from our own
models, and the sentences below.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails, PydanticCustomError

from shared.problems import Fix
from shared.vocabulary import UNRECOGNIZED

MOST = 20
"""So many are listed; a body can hold thousands of errors."""

_OWN = "fix"
_SENTENCES: dict[str, str] = {
    "missing": "give this field, it is required",
    "extra_forbidden": "take out the field that is not described for this place; see the API description for those that are",
    "string_type": "give text in quotes",
    "bool_type": "give true or false, without quotes",
    "int_type": "give a whole number, without quotes",
    "int_parsing": "give a whole number",
    "tuple_type": "give a list in square brackets",
    "list_type": "give a list in square brackets",
    "model_type": "give an object in curly brackets",
    "model_attributes_type": "give an object in curly brackets",
    "date_type": "give a date in quotes, as YYYY-MM-DD",
    "date_parsing": "give a date that exists, as YYYY-MM-DD",
    "date_from_datetime_parsing": "give a date that exists, as YYYY-MM-DD",
    "date_from_datetime_inexact": "give a date without a time, as YYYY-MM-DD",
    "string_too_long": "give at most {max_length} characters",
    "string_too_short": "give at least {min_length} characters",
    "too_long": "give at most {max_length} entries",
    "greater_than_equal": "give {ge} or more",
    "less_than_equal": "give {le} or less",
    "string_pattern_mismatch": "give text of the form {pattern}",
}
_OTHERWISE = "give what the API description asks for here"


def own_fix(sentence: str) -> PydanticCustomError:
    """An error for our own validators to raise. The sentence goes out as it is: it must not hold anything that came in."""
    return PydanticCustomError(_OWN, "{sentence}", {"sentence": sentence})


def fixes(errors: Sequence[ErrorDetails]) -> list[Fix]:
    """What to say about the first errors of a validation, each advice once."""
    advice = {(_path(error), _sentence(error)): None for error in errors[: 5 * MOST]}
    return [Fix(field=field, fix=sentence) for field, sentence in list(advice)[:MOST]]


def field_path(steps: Sequence[int | str]) -> str:
    """A field's path for people: names with dots, positions in brackets; `body` for the whole."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "body"


def _path(error: ErrorDetails) -> str:
    known = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return field_path(known)


def _sentence(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    if error["type"] == _OWN:
        return str(context["sentence"])
    if error["type"] == "enum":
        terms = re.findall(r"'([^']+)'", context["expected"])
        return f"use one of: {', '.join(term for term in terms if term != UNRECOGNIZED)}"
    return _SENTENCES.get(error["type"], _OTHERWISE).format(**context)
