"""The kinds of files that can be taken, and telling them by their content. A name or a media type says nothing. Pure."""

from enum import StrEnum

HEAD = 1024
"""So many bytes are looked at; PDF readers look for a beginning among so many (ISO 32000-2, annex I)."""
_SIGNATURES = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f") | {127}


class Kind(StrEnum):
    """One kind. The terms are those of config/attachments.yaml."""

    jpeg = "jpeg"
    png = "png"
    webp = "webp"
    pdf = "pdf"
    text = "text"

    @property
    def is_picture(self) -> bool:
        """Whether it is drawn anew for reading."""
        return self in (Kind.jpeg, Kind.png, Kind.webp)

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return {"pdf": "application/pdf", "text": "text/plain; charset=utf-8"}.get(self, f"image/{self}")

    @property
    def ending(self) -> str:
        """What a file of this kind is called at its end."""
        return {"jpeg": "jpg", "text": "txt"}.get(self, str(self))


def kind_of(head: bytes) -> Kind | None:
    """By a file's first bytes, `HEAD` of them or all; None for any other kind. Text is whatever has no control characters."""
    for name, signature in _SIGNATURES.items():
        if head.startswith(signature):
            return Kind(name)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.webp
    return Kind.text if head and not has_controls(head) else None


def has_controls(piece: bytes) -> bool:
    """Whether there is a byte that no plain text has."""
    return not _CONTROLS.isdisjoint(piece)
