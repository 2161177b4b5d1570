"""What a file is, is told by its content; and a file that is two things at once, or not whole, is not taken."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.attachments.inspection import Inspection
from services.intake.attachments.kinds import HEAD, Kind
from services.intake.attachments.refusal import Refused, Why
from tests.files import archive, pdf, picture

MOST = 10 * 1024 * 1024
JPEG, PNG, WEBP = picture(), picture("PNG"), picture("WEBP")
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


def inspected(content: bytes, *, size: int = 64 * 1024, kinds: tuple[Kind, ...] = tuple(Kind), most: int = MOST) -> Kind:
    inspection = Inspection(kinds, most)
    for at in range(0, len(content), size):
        inspection.take(content[at : at + size])
    return inspection.end()


def commented(content: bytes) -> bytes:
    """The same in the comment of a ZIP archive that begins with it."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("Evil.class", b"")
        file.comment = b"the end of something else %%EOF"
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, Kind.jpeg),
        (PNG, Kind.png),
        (WEBP, Kind.webp),
        (pdf(), Kind.pdf),
        (b"She told me:\r\n\tnothing.\n", Kind.text),
        ("\ufeffمرحبا 你好 — cześć 👋".encode(), Kind.text),
        (b"it costs < 5 dollars; <b>bold</b>", Kind.text),
    ],
)
def test_each_kind_is_known_by_its_content(content: bytes, kind: Kind) -> None:
    assert inspected(content) is kind
    assert inspected(content, size=HEAD) is kind, "in small pieces too"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Why.empty),
        (b"GIF89a" + bytes(100), Why.unknown_kind),
        (archive(), Why.unknown_kind),
        (b"\x7fELF" + bytes(100), Why.unknown_kind),
        (b"MZ\x90\x00", Why.unknown_kind),
        (b"text that ends in noise" + b"a" * 2000 + b"\xff\xfe", Why.unknown_kind),
        (b"text with a \x00 in it", Why.unknown_kind),
        (b"a" * 2000 + b"\x1b[2J", Why.unknown_kind),
        ("Grüße".encode("latin-1"), Why.unknown_kind),
        ("Grüße".encode()[:-2] + b"\xc3", Why.unknown_kind),
        (pdf()[:-7], Why.cut_off),
        (b"%PDF-1.7\n" + bytes(3000), Why.cut_off),
        (JPEG + archive(), Why.two_kinds),
        (PNG + archive(bytes(500)), Why.two_kinds),
        (pdf() + archive() + b"%%EOF", Why.two_kinds),
        (commented(pdf()), Why.two_kinds),
        (JPEG[:20] + pdf() + JPEG[20:], Why.two_kinds),
        (b"text before %PDF-1.7", Why.two_kinds),
        (JPEG + PAGE, Why.active),
        (JPEG[:64] + b"<script src=x>" + JPEG[64:], Why.active),
        (WEBP + b"<?php system($_GET[0]);", Why.active),
        (PAGE, Why.active),
        (b"  <HTML lang=en>", Why.active),
    ],
)
def test_what_is_another_kind_hides_something_or_is_not_whole_is_not_taken(content: bytes, why: Why) -> None:
    with pytest.raises(Refused) as refused:
        inspected(content)
    assert refused.value.why is why


def test_a_kind_that_is_not_in_the_list_is_not_taken() -> None:
    with pytest.raises(Refused):
        inspected(PNG, kinds=(Kind.jpeg,))


@given(st.integers(1, 60))
def test_what_is_hidden_across_two_pieces_is_found(shift: int) -> None:
    content = JPEG[: HEAD + shift] + b"<script >" + JPEG[HEAD + shift :]
    with pytest.raises(Refused) as refused:
        inspected(content, size=HEAD + 30)
    assert refused.value.why is Why.active


def test_it_stops_with_the_first_byte_too_many() -> None:
    assert inspected(b"a" * 2048, most=2048) is Kind.text
    inspection = Inspection(tuple(Kind), 2048)
    inspection.take(b"a" * 2048)
    with pytest.raises(Refused) as refused:
        inspection.take(b"a")
    assert refused.value.why is Why.too_large


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_kind_or_are_refused(content: bytes) -> None:
    with suppress(Refused):
        assert inspected(content) in Kind
