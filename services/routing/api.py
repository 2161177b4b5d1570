"""The desk's JSON API: queues, one referral, its timeline, and the commands. Every route is guarded."""

from asyncio import gather
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from services.routing.commands.authorization import Actor, may_see, reader
from services.routing.commands.catalogue import NAMES
from services.routing.desk import cursor
from services.routing.desk.command_api import take_command
from services.routing.desk.desk import Desk
from services.routing.desk.openapi import READING, commanding
from services.routing.desk.problems import etag, invalid, not_an_agency, plain, reading, unseen
from services.routing.desk.queries import QueueQuery, TimelineQuery
from services.routing.desk.view import View
from services.routing.keeping.change import Document
from services.routing.keeping.document import from_document
from services.routing.keeping.history import shown
from services.routing.keeping.queues import look
from shared.principal import Principal
from shared.problems import Fix, Problem, ProblemKind

SignedIn = Callable[[Request], Awaitable[Principal]]
_PAGE = 50


class DeskApi:
    """The routes, on one desk."""

    def __init__(self, desk: Desk, signed_in: SignedIn) -> None:
        self._desk = desk
        self._signed_in = signed_in

    def router(self) -> APIRouter:
        """All of them, under /api/v1/referrals."""
        router = APIRouter(prefix="/api/v1/referrals", tags=["desk"])
        who = Depends(self._reader)

        @router.get("", summary="A queue", responses=READING)
        async def queue(asked: Annotated[QueueQuery, Query()], actor: Actor = who) -> JSONResponse:
            return JSONResponse(await reading(self._queue(asked, actor)))

        @router.get("/{referral_id}", summary="One referral", responses=READING)
        async def one(referral_id: UUID, actor: Actor = who) -> JSONResponse:
            answer: JSONResponse = await reading(self._one(referral_id, actor))
            return answer

        @router.get("/{referral_id}/timeline", summary="What happened to it, newest first", responses=READING)
        async def timeline(referral_id: UUID, asked: Annotated[TimelineQuery, Query()], actor: Actor = who) -> JSONResponse:
            return JSONResponse(await reading(self._timeline(referral_id, asked.before, actor)))

        for name, command in NAMES.items():
            take = take_command(self._desk, who, name, command)
            router.add_api_route(f"/{{referral_id}}/{name}", take, methods=["POST"], **commanding(name, command))
        return router

    async def _reader(self, request: Request) -> Actor:
        actor = reader(await self._signed_in(request), self._desk.book.coordinator)
        if actor is None:
            raise Problem(ProblemKind.forbidden, "Single referrals are for coordinators, supervisors and agencies' staff.")
        return actor

    async def _load(self, id_: UUID, actor: Actor) -> Document:
        document = (await self._desk.referrals.load([id_])).get(id_)
        if document is None or not may_see(actor, from_document(document)):
            raise unseen()
        return document

    async def _one(self, id_: UUID, actor: Actor) -> JSONResponse:
        document = await self._load(id_, actor)
        view = View(from_document(document), actor, self._desk.book)
        linked, likely = await gather(self._desk.referrals.duplicates(id_), self._desk.referrals.likely_duplicates(id_))
        whole = view.whole(self._desk.clock(), linked, likely)
        return JSONResponse(whole, headers={"ETag": etag(document["version"])})

    async def _timeline(self, id_: UUID, before: int | None, actor: Actor) -> dict[str, Any]:
        document = await self._load(id_, actor)
        stop = min(before or document["version"] + 1, document["version"] + 1)
        versions = range(max(1, stop - _PAGE), stop)
        entries = shown(await self._desk.referrals.history(document, versions), from_document(document), actor)
        return {"changes": plain(entries), "next": versions.start if versions.start > 1 else None}

    async def _queue(self, asked: QueueQuery, actor: Actor) -> dict[str, Any]:
        if asked.agency and asked.agency not in self._desk.book.kinds:
            raise invalid([not_an_agency("agency", self._desk.book.kinds)])
        question = (actor.agency, asked.queue, asked.agency, sorted(asked.having.items()))
        after = cursor.read(question, asked.cursor) if asked.cursor else None
        if asked.cursor and after is None:
            raise invalid([Fix(field="cursor", fix="leave it out; a cursor is for the same queue and filters only")])
        found = look(asked.queue, actor, asked.agency, asked.having, after)
        documents = await self._desk.referrals.queue(found, asked.limit + 1)
        page = documents[: asked.limit]
        lines = [View(from_document(one), actor, self._desk.book).line(one["desk"]) for one in page]
        last = page[-1]["desk"]["asked" if found.newest_first else "key"] if len(documents) > asked.limit else None
        return {"referrals": lines, "next": cursor.write(question, last) if last else None}
