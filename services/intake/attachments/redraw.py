"""Draws one picture anew: a program of its own, which decodes what strangers sent where it can reach nothing.

The picture comes on standard input, a JPEG without any metadata goes to standard output. Arguments: the format, and the
most pixels, the longest edge, the memory in bytes and the processor seconds. Exit status: 0; EX_CANTCREAT where it is too
large, EX_DATAERR where it is damaged.
It imports nothing of ours, so that it starts fast and no secret is in it.
"""

import io
import os
import resource
import sys
import warnings

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

QUALITY = 88
LOADED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""What Pillow would import only when it meets such a picture, which is too late. (EXIF has the form of TIFF.)"""


def confine(memory: int, seconds: int) -> None:
    """From here on: no file, no connection, no process, and so much memory and time."""
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ]
    if sys.platform == "linux":  # macOS knows this limit and does not keep it
        limits.append((resource.RLIMIT_AS, memory))
    for what, most in limits:
        resource.setrlimit(what, (most, most))


def drawn(picture: bytes, format_: str, most_pixels: int, edge: int) -> bytes:
    """The first image of the file, upright, at most `edge` pixels long, on white where it is transparent."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(picture), formats=[format_]) as found:
        found.thumbnail((edge, edge))
        upright = ImageOps.exif_transpose(found)
        canvas = Image.new("RGB", upright.size, "white")  # a new one: nothing comes along but pixels
        if upright.has_transparency_data:
            canvas.paste(upright, mask=upright.convert("RGBA").getchannel("A"))
        elif upright.mode[0] == "I":  # 16 bits a pixel
            canvas.paste(upright.convert("I").point(lambda level: level / 256).convert("L"))
        else:
            canvas.paste(upright)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> int:
    """The exit status."""
    Image.preinit()
    format_, most_pixels, edge, memory, seconds = sys.argv[1], *map(int, sys.argv[2:])
    confine(memory, seconds)
    try:
        jpeg = drawn(sys.stdin.buffer.read(), format_.upper(), most_pixels, edge)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return os.EX_CANTCREAT
    except Exception:  # decoders raise whatever they like
        return os.EX_DATAERR
    sys.stdout.buffer.write(jpeg)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
