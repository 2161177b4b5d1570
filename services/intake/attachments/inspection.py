"""Looks at a file while it passes by, and keeps only its two ends: what it is, and whether it is only that. Pure."""

import re
from codecs import getincrementaldecoder
from collections.abc import Collection

from services.intake.attachments.kinds import HEAD, Kind, has_controls, kind_of
from services.intake.attachments.refusal import Refused, Why

TAIL = 65_535 + 22
"""Bytes at the end of a ZIP archive among which its directory's end is (APPNOTE 4.3.16): JAR and office files are such."""
_OVERLAP = 32
_ACTIVE = re.compile(rb"<(?:script|html|iframe|!doctype\s+html|\?php)[\s>/]", re.IGNORECASE)
"""Long enough that the noise of a picture never looks like it: less than once in 100,000 pictures of 10 MB."""


class Inspection:
    """`most`: bytes. The first piece has to hold the file's first `HEAD` bytes, or all of them."""

    def __init__(self, kinds: Collection[Kind], most: int) -> None:
        self._kinds = kinds
        self._most = most
        self._kind: Kind | None = None
        self._tail = b""
        self._decoder = getincrementaldecoder("utf-8")()
        self.bytes = 0

    def take(self, piece: bytes) -> None:
        """The next piece. Refused as soon as that is certain."""
        self.bytes += len(piece)
        if self.bytes > self._most:
            raise Refused(Why.too_large)
        if self._kind is None:
            self._kind = self._begun(piece)
        if self._kind is Kind.text:
            self._take_text(piece)
        if self._kind is not Kind.pdf and _ACTIVE.search(self._tail[-_OVERLAP:] + piece):
            raise Refused(Why.active)
        self._tail = (self._tail + piece)[-TAIL:]

    def end(self) -> Kind:
        """What the whole file is. Refused."""
        if self._kind is None:
            raise Refused(Why.empty)
        if self._kind is Kind.text:
            self._take_text(b"", last=True)
        if self._kind is Kind.pdf and b"%%EOF" not in self._tail[-HEAD:]:
            raise Refused(Why.cut_off)
        if ends_an_archive(self._tail):
            raise Refused(Why.two_kinds)
        return self._kind

    def _begun(self, piece: bytes) -> Kind:
        head = piece[:HEAD]
        kind = kind_of(head)
        if kind is None or kind not in self._kinds:
            raise Refused(Why.unknown_kind)
        if kind is not Kind.pdf and b"%PDF-" in head:
            raise Refused(Why.two_kinds)
        return kind

    def _take_text(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._decoder.decode(piece, last)
        except UnicodeDecodeError:
            raise Refused(Why.unknown_kind) from None
        if has_controls(piece):
            raise Refused(Why.unknown_kind)


def ends_an_archive(tail: bytes) -> bool:
    """Whether the end of a file is that of a ZIP archive: the record of its directory's end, where all in it fits."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        directory = at - int.from_bytes(tail[at + 12 : at + 16], "little")
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if at + 22 + comment == len(tail) or (directory >= 0 and tail[directory : directory + 4] == b"PK\x01\x02"):
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False
