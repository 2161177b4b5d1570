"""`/acknowledge/TOKEN`: a page with one button. Only pressing it does anything, as programs that look for harm open links."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.notifications import metrics
from services.notifications.answers.acknowledgement import Acknowledge, told_of
from services.notifications.texts.links import Links
from shared.delivery.errors import Unavailable
from shared.mongo import UNAVAILABLE
from shared.pages import Catalogs, Pages, Static, page_application

TEMPLATES = Path(__file__).parent / "pages"


class AcknowledgePages:
    """The page says eight digits of each referral's id and nothing else; whoever has the link needs no other sign-in."""

    def __init__(self, links: Links, acknowledge: Acknowledge) -> None:
        self.pages = Pages(TEMPLATES, Catalogs(), Static(), site="Referral notices", home="#main")
        self._links = links
        self._acknowledge = acknowledge

    @property
    def application(self) -> Starlette:
        """For mounting at `/acknowledge`."""
        routes = [Route("/{token}", self.ask, methods=["GET"]), Route("/{token}", self.note, methods=["POST"])]
        return page_application(self.pages, routes, failed=metrics.problem)

    async def ask(self, request: Request) -> Response:
        """The button; HEAD and GET change nothing."""
        return self._page(await self._message(request), done=False)

    async def note(self, request: Request) -> Response:
        """The button was pressed."""
        message = await self._message(request)
        try:
            await self._acknowledge(message)
        except (Unavailable, *UNAVAILABLE):
            raise HTTPException(503) from None
        return self._page(message, done=True)

    async def _message(self, request: Request) -> Mapping[str, Any]:
        """The notice or bundle the link was made for. HTTPException 404 where it is no link of ours."""
        id_ = self._links.message_of(request.path_params["token"])
        try:
            message = await self._acknowledge.find(id_) if id_ else None
        except UNAVAILABLE:
            raise HTTPException(503) from None
        if message is None:
            raise HTTPException(404)
        return message

    def _page(self, message: Mapping[str, Any], *, done: bool) -> Response:
        references = [str(notice["referral"])[:8] for notice in told_of(message)]
        return self.pages.response("acknowledge.html", references=references, done=done)
