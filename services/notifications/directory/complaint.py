"""What does not fit in a file of config/, in one line and without repeating what was written."""

from pydantic import ValidationError


def complaint(error: ValidationError | TypeError) -> str:
    """Place by place."""
    if isinstance(error, TypeError):
        return "this is not a list of names and values; compare it with the file as it came"
    return "; ".join(f"{'.'.join(str(step) for step in e['loc'])}: {e['msg']}" for e in error.errors(include_input=False))
