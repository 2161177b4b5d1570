"""Files for tests, all made up here: good ones, and ones that mean harm."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

from PIL import Image

CANARY = "canary-in-the-camera"


def picture(
    format_: str = "JPEG", *, size: tuple[int, int] = (320, 240), camera: str = CANARY, turned: bool = False, **options: Any
) -> bytes:
    """A picture in which a camera wrote its name, and, as JPEG, a comment. `turned`: it was held sideways."""
    exif = Image.Exif()
    exif[0x010F] = camera
    if turned:
        exif[0x0112] = 6
    comment = {"comment": camera.encode()} if format_ == "JPEG" else {}
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, format_, exif=exif, **comment, **options)
    return out.getvalue()


def pdf(text: str = "made up") -> bytes:
    """The least that is one."""
    return f"%PDF-1.7\n1 0 obj\n<< /Title ({text}) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n".encode()


def archive(content: bytes = b"class") -> bytes:
    """A ZIP archive, as a JAR is one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("Evil.class", content)
    return out.getvalue()


def noise(bytes_: int, seed: int = 8) -> bytes:
    """Text that cannot be made much smaller."""
    return random.Random(seed).randbytes(bytes_ // 2).hex().encode()
