"""Sends rows to intake's API, several at a time, and says what became of each."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx
import stamina

from services.intake.provider.rows import Row
from shared.problems import Fix

PATH = "/api/v1/referrals"
ATTEMPTS = 6
"""Over about a minute; then the row is left for the next run."""


class Fate(StrEnum):
    """What became of a row."""

    accepted = "accepted"
    refused = "refused"
    """The row has to be mended."""
    unsent = "unsent"
    """Intake did not answer in time: run it again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`receipt`: the answer's `referral_id` and `receipt_code`, where the row was accepted."""

    row: Row
    fate: Fate
    receipt: dict[str, str] | None = None
    errors: tuple[Fix, ...] = ()


class NotAllowed(Exception):
    """Intake does not take the token: no row can be sent with it."""


class _Again(Exception):
    """No answer, or one that says to come back later."""


class ProviderClient:
    """`http`: with intake's address as its base. `token`: an access token with the scope `referrals:send`."""

    def __init__(self, http: httpx.AsyncClient, token: str | None) -> None:
        self._http = http
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def send_all(self, rows: Iterable[Row], at_once: int) -> AsyncIterator[Outcome]:
        """Outcomes as they come. NotAllowed."""
        left, under_way = iter(rows), set[asyncio.Task[Outcome]]()
        try:
            while True:
                while len(under_way) < at_once and (row := next(left, None)) is not None:
                    under_way.add(asyncio.create_task(self.send(row)))
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in under_way:
                task.cancel()

    async def send(self, row: Row) -> Outcome:
        """Sends one row, again and again where that may help: its key makes sure that it is taken once. NotAllowed."""
        if row.body is None:
            return Outcome(row, Fate.refused, errors=row.errors)
        try:
            async for attempt in stamina.retry_context(on=_Again, attempts=ATTEMPTS, wait_initial=0.5, wait_max=15, timeout=90):
                with attempt:
                    return _outcome(row, await self._post(row))
        except _Again:
            pass
        return Outcome(row, Fate.unsent)

    async def _post(self, row: Row) -> httpx.Response:
        try:
            answer = await self._http.post(PATH, content=row.body, headers=self._headers | {"Idempotency-Key": row.key})
        except httpx.TransportError:
            raise _Again from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Again
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise NotAllowed
        return answer


def _outcome(row: Row, answer: httpx.Response) -> Outcome:
    told: dict[str, Any] = answer.json()
    if answer.status_code == httpx.codes.ACCEPTED:
        return Outcome(row, Fate.accepted, {name: told[name] for name in ("referral_id", "receipt_code")})
    errors = tuple(Fix.model_validate(one) for one in told.get("errors", ()))
    return Outcome(row, Fate.refused, errors=errors or (Fix(field="body", fix=told["detail"]),))
