"""From a body's bytes to a submission, or to a problem that says what to mend."""

from collections.abc import Collection

from pydantic import ValidationError

from services.intake.submission import Submission
from shared.fixes import field_path, fixes
from shared.problems import Fix, Problem, ProblemKind


def parse(body: bytes, agencies: Collection[str], year: int) -> Submission:
    """The submission. `agencies`: the ids that may be excluded; `year`: the present one. Problem: malformed_json, invalid."""
    try:
        submission = Submission.model_validate_json(body, strict=True)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        if errors[0]["type"] == "json_invalid":
            raise Problem(ProblemKind.malformed_json, "Send a body that is valid JSON, in UTF-8.") from None
        raise _invalid(fixes(errors)) from None
    if unfit := objections(submission, agencies, year):
        raise _invalid(unfit)
    return submission


def objections(submission: Submission, agencies: Collection[str], year: int) -> list[Fix]:
    """What the shape alone cannot tell: agencies that do not exist, and a birth in the future."""
    facts = submission.facts
    found = [
        Fix(field=field_path(("facts", "excluded_agencies", place)), fix=f"use one of: {', '.join(sorted(agencies))}")
        for place, agency in enumerate(facts.excluded_agencies)
        if agency not in agencies
    ]
    if facts.birth_year is not None and facts.birth_year > year:
        found.append(Fix(field="facts.birth_year", fix="give a year that is not in the future"))
    return found[:20]


def _invalid(errors: list[Fix]) -> Problem:
    return Problem(ProblemKind.invalid, "Change what is listed under errors and send it again.", errors=errors)
