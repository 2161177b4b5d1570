"""An application of pages: its errors are pages too, and tell nothing."""

from collections.abc import Callable, Sequence

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.pages.languages import ENGLISH, Language
from shared.pages.pages import Pages
from shared.problems import ProblemKind

log = structlog.get_logger(__name__)
Failed = Callable[[ProblemKind], None]
_BY_STATUS = {kind.status: kind for kind in ProblemKind if kind is not ProblemKind.key_reused}


def page_application(pages: Pages, routes: Sequence[BaseRoute], *, failed: Failed, language: Language = ENGLISH) -> Starlette:
    """The routes, their answers compressed and their errors as pages in `language`. `failed` hears of every error.

    Raise `HTTPException(status)` for an error that is the visitor's; its text is not shown. A service's own `problem.html`
    wins over the kit's. The safe headers come from `shared.answers`, as for every answer.
    """
    errors = _ErrorPages(pages, language, failed)
    return Starlette(
        routes=routes,
        exception_handlers={HTTPException: errors.of_visitor},
        middleware=[Middleware(_Unexpected, errors=errors), Middleware(GZipMiddleware, minimum_size=1000)],
    )


class _ErrorPages:
    def __init__(self, pages: Pages, language: Language, failed: Failed) -> None:
        self._pages = pages
        self._language = language
        self._failed = failed

    async def of_visitor(self, _: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        page = self.page(status)
        page.headers.update(getattr(error, "headers", None) or {})
        return page

    def page(self, status: int) -> Response:
        self._failed(_BY_STATUS.get(status, ProblemKind.internal if status >= 500 else ProblemKind.invalid))
        return self._pages.response("problem.html", self._language, status, status=status)


class _Unexpected:
    """Answers what nobody caught. Starlette's own would raise it again after the page was sent."""

    def __init__(self, app: ASGIApp, errors: _ErrorPages) -> None:
        self._app = app
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("request_failed", method=scope["method"], exc_info=error)
            if started:
                raise
            await self._errors.page(500)(scope, receive, send)
