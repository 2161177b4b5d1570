"""What a page of the form takes, and what sending takes at 100/s. Every form sent has waited its turn, as in a throng."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import uvloop

from benchmarks.bench import Bench
from benchmarks.door import Door
from benchmarks.figure import Figure, at_most
from benchmarks.load import percentile
from benchmarks.stack import Stack
from deploy.embedded.ports import HOST
from services.intake.pages.page_state import Envelope, PageState
from services.intake.pages.question import Way
from services.intake.seal import read_seal

RATE = 100
TOLD = {
    "danger": ("no",), "who": ("other",), "relation": ("family",), "happening": ("She may not leave the motel. " * 20,),
    "town": ("windsor",), "place": ("Example Motel, back entrance",), "contact": ("not_wanted",),
}  # fmt: skip
Ask = Callable[[], Awaitable[int]]
"""Asks for a page and says the status of the answer."""


def sealed(secret: Path, count: int) -> list[str]:
    """Forms that are ready to be sent."""
    envelope, at = Envelope(read_seal(secret)), datetime.now(UTC)
    keys = [secrets.token_urlsafe(24) for _ in range(count)]
    return [envelope.close(PageState(Way.short, key, 0, TOLD, asked=1), at) for key in keys]


async def timed(ask: Ask, due: float | None = None) -> float:
    """Seconds until it is answered with a page, from when it was due."""
    started = due or time.perf_counter()
    status = await ask()
    return time.perf_counter() - started if status == 200 else float("inf")


async def pages(client: httpx.AsyncClient, form: str, count: int) -> list[float]:
    """One page after the other: the start, a first question, and the check page."""

    async def got(path: str) -> int:
        return (await client.get(path)).status_code

    async def checked() -> int:
        return (await client.post("/en/tell", data={"state": form, "page": "check", "do": "again"})).status_code

    asks: tuple[Ask, ...] = (lambda: got("/en/"), lambda: got("/en/tell/full"), checked)
    return [await timed(asks[number % 3]) for number in range(count)]


def sending(door: Door, form: str) -> Ask:
    """One form's send."""

    async def sent() -> int:
        return (await door.send("/en/send", "application/x-www-form-urlencoded", urlencode({"state": form}).encode()))[0]

    return sent


async def sends(door: Door, forms: list[str]) -> list[float]:
    """All forms, RATE of them a second, whether or not the earlier ones are answered."""
    begun, under_way = time.perf_counter(), []
    for number, form in enumerate(forms):
        due = begun + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.create_task(timed(sending(door, form), due)))
    return list(await asyncio.gather(*under_way))


def measure(bench: Bench) -> Iterable[Figure]:
    """Intake alone."""

    async def shown_and_sent(port: int, forms: list[str]) -> tuple[list[float], list[float]]:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=30) as client:
            await pages(client, forms[0], 30)
            shown = await pages(client, forms[0], bench.choose(600, 30))
        door = Door(port)
        await sends(door, forms[:RATE])
        return shown, await sends(door, forms[RATE:])

    with Stack(bench, ["intake"]) as stack:
        forms = sealed(bench.folder / "secrets" / "receipt", RATE + bench.choose(30, 1) * RATE)
        shown, sent = uvloop.run(shown_and_sent(stack.services["intake"].port, forms))
    return [
        Figure("p50 of a page of the form", 1000 * percentile(shown, 0.5), "ms"),
        Figure("p95 of a page of the form", 1000 * percentile(shown, 0.95), "ms", at_most(20)),
        Figure("p50 of sending a form, 100/s", 1000 * percentile(sent, 0.5), "ms"),
        Figure("p99 of sending a form, 100/s", 1000 * percentile(sent, 0.99), "ms", at_most(80)),
    ]
