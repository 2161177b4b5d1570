"""Pictures are drawn anew by a process of their own: pixels alone come out, and nothing that is sent harms anyone."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from services.intake.attachments.kinds import Kind
from services.intake.attachments.limits import Pictures
from services.intake.attachments.redraw import drawn
from services.intake.attachments.redrawing import PROGRAM, Redrawing
from services.intake.attachments.refusal import Refused, Why
from tests.files import CANARY, picture

LIMITS = Pictures(most_pixels=30_000_000, longest_edge=1000, memory_mb=128, seconds=20)


@pytest.fixture(autouse=True)
def _pillow_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


def shown(content: bytes, format_: str = "JPEG", most_pixels: int = 1_000_000) -> Image.Image:
    """What the process would answer."""
    jpeg = drawn(content, format_, most_pixels, 1000)
    assert CANARY.encode() not in jpeg
    return Image.open(io.BytesIO(jpeg), formats=["JPEG"])


def written(format_: str, mode: str = "RGB", size: tuple[int, int] = (50, 40)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, format_)
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A few bytes that say they are a picture of so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_nothing_comes_along_but_pixels(format_: str) -> None:
    sent = picture(format_, size=(1200, 300))
    assert CANARY.encode() in sent
    found = shown(sent, format_)
    assert (found.size, found.mode) == ((1000, 250), "RGB")
    assert not found.getexif()
    assert found.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_that_was_taken_sideways_is_shown_upright() -> None:
    assert shown(picture(size=(300, 100), turned=True)).size == (100, 300)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_way_to_write_pixels_is_read_and_what_is_transparent_is_white(mode: str) -> None:
    found = shown(written("PNG", mode), "PNG")
    assert found.getpixel((20, 20)) == ((255, 255, 255) if mode in ("LA", "RGBA") else (0, 0, 0))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_cut_off_is_not_drawn(format_: str) -> None:
    with pytest.raises(OSError, match=r"."):
        shown(picture(format_)[:3000], format_)


@pytest.mark.parametrize("content", [huge_png(60_000), written("PNG", size=(1001, 1000))])
def test_a_picture_of_too_many_pixels_is_not_even_begun(content: bytes) -> None:
    with pytest.raises((Image.DecompressionBombError, Image.DecompressionBombWarning)):
        shown(content, "PNG")


def test_no_format_is_tried_but_the_one_that_was_found() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        shown(picture("PNG"), "JPEG")


async def redrawn(content: bytes, kind: Kind) -> bytes:
    async def come() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 10_000):
            yield content[at : at + 10_000]

    async with Redrawing(LIMITS).redrawn(kind, come()) as jpeg:
        return jpeg


async def test_the_process_answers_with_a_jpeg() -> None:
    jpeg = await redrawn(picture("WEBP"), Kind.webp)
    assert jpeg.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (huge_png(60_000), Kind.png, Why.too_many_pixels),
        (written("PNG", size=(5000, 5000)), Kind.png, Why.too_many_pixels),  # they would fit, the memory they need does not
        (b"\xff\xd8\xff" + bytes(300_000), Kind.jpeg, Why.damaged),
    ],
    ids=["bomb", "memory", "damaged"],
)
async def test_what_the_process_gives_up_is_not_taken_and_says_why(content: bytes, kind: Kind, why: Why) -> None:
    with pytest.raises(Refused) as refused:
        await redrawn(content, kind)
    assert refused.value.why is why


CONFINED = """
import os, socket, sys
sys.path.insert(0, {folder!r})
import redraw
redraw.confine(400 * 2**20, 5)
for forbidden in (lambda: open("/etc/hostname"), socket.socket, lambda: os.open({folder!r}, os.O_RDONLY), os.pipe):
    try:
        forbidden()
    except OSError:
        sys.stdout.write("refused ")
"""


def test_whoever_takes_over_the_process_can_open_nothing_and_call_nobody() -> None:
    program = CONFINED.format(folder=str(PROGRAM.parent))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["refused"] * 4
