"""What a file may be called. The name is a person's detail like what is in the file. Pure."""

import unicodedata

from services.intake.attachments.refusal import Refused, Why

LONGEST = 255
"""Characters. No file system has longer names."""
NAMELESS = "file"
_LEADING = frozenset("/\\\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Folders; and marks that turn the direction of writing, so that `exe.jpg` may be read `gpj.exe` (Unicode report 36, 3.2)."""


def checked(name: str) -> str:
    """The name as it is kept. Refused where it could lead somewhere or show as something else."""
    name = unicodedata.normalize("NFC", name).strip() or NAMELESS
    if len(name) > LONGEST or name in (".", "..") or not all(map(_is_harmless, name)):
        raise Refused(Why.bad_name)
    return name


def _is_harmless(character: str) -> bool:
    return character not in _LEADING and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
