"""The place in a queue where the next page begins, as an opaque text. Pure.

It is bound to the question it was given for: with another queue or another filter it is refused.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

_TEXT = re.compile(r"[A-Za-z0-9_-]{8,120}")
_KEY = re.compile(r"[0-9][0-9]{13}[0-9a-f]{32}")


def write(question: Iterable[object], key: str) -> str:
    """The cursor after the entry with this key."""
    return base64.urlsafe_b64encode(f"{_mark(question)}{key}".encode()).decode().rstrip("=")


def read(question: Iterable[object], cursor: str) -> str | None:
    """The key in it; None where it is no cursor of this question."""
    if not _TEXT.fullmatch(cursor):
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        return None
    mark, key = text[:8], text[8:]
    return key if mark == _mark(question) and _KEY.fullmatch(key) else None


def _mark(question: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(map(str, question)).encode()).hexdigest()[:8]
