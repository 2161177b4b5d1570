"""What a page of the form takes, and what sending takes at 100/s. Every form sent has waited its turn, as in a throng."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvloop

from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.load import percentile
from benchmarks.stack import Stack
from services.intake.pages.page_state import Envelope, PageState
from services.intake.pages.question import Way
from services.intake.seal import read_seal

RATE = 100
TOLD = {
    "danger": ("no",), "who": ("other",), "relation": ("family",), "happening": ("She may not leave the motel. " * 20,),
    "town": ("windsor",), "place": ("Example Motel, back entrance",), "contact": ("not_wanted",),
}  # fmt: skip
Ask = Callable[[], Awaitable[httpx.Response]]


def sealed(secret: Path, count: int) -> list[str]:
    """Forms that are ready to be sent."""
    envelope, at = Envelope(read_seal(secret)), datetime.now(UTC)
    keys = [secrets.token_urlsafe(24) for _ in range(count)]
    return [envelope.close(PageState(Way.short, key, 0, TOLD, asked=1), at) for key in keys]


async def timed(ask: Ask, due: float | None = None) -> float:
    """Seconds until it is answered with a page, from when it was due."""
    started = due or time.perf_counter()
    answer = await ask()
    return time.perf_counter() - started if answer.status_code == 200 else float("inf")


async def pages(client: httpx.AsyncClient, form: str, count: int) -> list[float]:
    """One page after the other: the start, a first question, and the check page."""
    check = {"state": form, "page": "check", "do": "again"}
    asks: tuple[Ask, ...] = (
        lambda: client.get("/en/"),
        lambda: client.get("/en/tell/full"),
        lambda: client.post("/en/tell", data=check),
    )
    return [await timed(asks[number % 3]) for number in range(count)]


def sending(client: httpx.AsyncClient, form: str) -> Ask:
    """One form's send."""
    return lambda: client.post("/en/send", data={"state": form})


async def sends(client: httpx.AsyncClient, forms: list[str]) -> list[float]:
    """All forms, RATE of them a second, whether or not the earlier ones are answered."""
    begun, under_way = time.perf_counter(), []
    for number, form in enumerate(forms):
        due = begun + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.create_task(timed(sending(client, form), due)))
    return list(await asyncio.gather(*under_way))


def measure(bench: Bench) -> Iterable[Figure]:
    """Intake alone."""

    async def run(address: str, forms: list[str]) -> tuple[list[float], list[float]]:
        async with httpx.AsyncClient(
            base_url=address, timeout=30, limits=httpx.Limits(max_connections=100, keepalive_expiry=2)
        ) as client:
            await pages(client, forms[0], 30)
            shown = await pages(client, forms[0], bench.choose(600, 30))
            return shown, (await sends(client, forms[:RATE]), await sends(client, forms[RATE:]))[1]

    with Stack(bench, ["intake"]) as stack:
        forms = sealed(bench.folder / "secrets" / "receipt", RATE + bench.choose(30, 1) * RATE)
        shown, sent = uvloop.run(run(stack.services["intake"].url, forms))
    return [
        Figure("p50 of a page of the form", 1000 * percentile(shown, 0.5), "ms"),
        Figure("p95 of a page of the form", 1000 * percentile(shown, 0.95), "ms", at_most(20)),
        Figure("p50 of sending a form, 100/s", 1000 * percentile(sent, 0.5), "ms"),
        Figure("p99 of sending a form, 100/s", 1000 * percentile(sent, 0.99), "ms", at_most(80)),
    ]
