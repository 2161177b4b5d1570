"""Twenty files of 10 MB at once, sent and read: how long it takes, and how much memory intake holds meanwhile."""

from __future__ import annotations

import asyncio
import io
import random
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import psutil
import uvloop
from PIL import Image

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.memory import megabytes
from benchmarks.stack import Stack
from deploy.embedded import Issuer, Service
from services.intake.example import REFERRAL
from shared.principal import Scope

AT_ONCE = 20
BYTES = 10 * 1024 * 1024
PIECE = 64 * 1024
PATH = "/api/v1/referrals"
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="made-up"\r\n\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@dataclass
class Held:
    """MB of intake alone, and with the process that draws pictures: before, and at most."""

    before: float
    most: float
    with_drawing: float


@asynccontextmanager
async def watched(service: Service) -> AsyncIterator[Held]:
    """Looks twenty times a second until the block ends."""
    before = megabytes(service)
    held = Held(before, before, before)

    async def look() -> None:
        process = psutil.Process(service.pid)
        while True:
            own = megabytes(service)
            held.most = max(held.most, own)
            with suppress(psutil.NoSuchProcess):
                drawing = sum(child.memory_info().rss for child in process.children()) / 2**20
                held.with_drawing = max(held.with_drawing, own + drawing)
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(look())
    try:
        yield held
    finally:
        looking.cancel()


def document(bytes_: int) -> bytes:
    """A PDF of so many bytes."""
    end = b"\n%%EOF\n"
    return b"%PDF-1.7\n" + random.Random(8).randbytes(bytes_ - 9 - len(end)) + end


def photo(bytes_: int) -> bytes:
    """A JPEG of twelve megapixels, with a film behind it, as phones make them, up to so many bytes."""
    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 30).save(out, "JPEG", quality=60)
    return out.getvalue() + random.Random(8).randbytes(max(0, bytes_ - len(out.getvalue())))


async def form(content: bytes) -> AsyncIterator[bytes]:
    yield HEAD
    for at in range(0, len(content), PIECE):
        yield content[at : at + PIECE]
    yield b"\r\n--b--\r\n"


async def send(client: httpx.AsyncClient, content: bytes, count: int) -> None:
    """To a referral of its own each, all at once."""

    async def one() -> None:
        referral = (await client.post(PATH, json=REFERRAL)).json()["referral_id"]
        answer = await client.post(f"{PATH}/{referral}/attachments", content=form(content), headers=FORM)
        assert answer.status_code == 201, answer.text

    await asyncio.gather(*[one() for _ in range(count)])


async def run(stack: Stack, issuer: Issuer, bench: Bench) -> list[Figure]:
    count, size = bench.choose(AT_ONCE, 2), bench.choose(BYTES, 600_000)
    service, figures = stack.services["intake"], list[Figure]()
    token = {"Authorization": f"Bearer {issuer.system_token('bench', Scope.send)}"}
    async with httpx.AsyncClient(base_url=service.url, headers=token, timeout=600) as client:
        await send(client, document(100_000), 1)  # what only the first file needs is there
        for name, content in (("documents", document(size)), ("photos", photo(size))):
            begun = time.monotonic()
            async with watched(service) as held:
                await send(client, content, count)
            seconds = time.monotonic() - begun
            bench.say(f"{name}: {held.before:.0f} MB before, {held.most:.0f} MB at most, in {seconds:.1f} s")
            what = f"{count} {name} of {len(content) / 2**20:.0f} MB at once"
            figures += [
                Figure(f"{what}: intake's memory before", held.before, "MB"),
                Figure("the same: at most", held.most, "MB", at_most(held.before + 40)),
                Figure("the same: with the process that draws", held.with_drawing, "MB"),
                Figure("the same: time for all", seconds, "s"),
            ]
    return figures


def measure(bench: Bench) -> Iterable[Figure]:
    """Flat: at most 40 MB more for 200 MB that come at once."""
    issuer = Issuer(bench.folder / "issuer", bench.folder / "issuer.log")
    bench.folder.mkdir(parents=True, exist_ok=True)
    issuer.start()
    try:
        told = issuer.environment()
        with Stack(bench, ["intake"], OIDC_ISSUER=told["OIDC_ISSUER"], OIDC_JWKS_URL=told["OIDC_JWKS_URL"]) as stack:
            return uvloop.run(run(stack, issuer, bench))
    finally:
        issuer.stop()
