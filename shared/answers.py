"""What every HTTP answer has in common: headers that keep it out of caches and logs elsewhere, and errors that tell nothing."""

from collections.abc import Callable

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.fixes import fixes
from shared.problems import Problem, ProblemKind

log = structlog.get_logger(__name__)
Count = Callable[[ProblemKind], None]

_ALLOWED = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
"""What a page of ours may load and do: nothing from elsewhere, and nothing written into the page itself."""

SAFE_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", "; ".join(f"{what} {whence}" for what, whence in _ALLOWED.items()).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
"""On every answer, errors too (after OWASP's Secure Headers Project). An answer that sets one of them itself keeps its own."""
_BY_STATUS = {404: ProblemKind.not_found, 405: ProblemKind.method_not_allowed}


def answer_safely(http: FastAPI, *, if_we_fail: Problem, count: Count) -> None:
    """Makes every error of `http` a problem that quotes nothing, and gives every answer the safe headers.

    `if_we_fail` is answered to any exception that nobody expected; `count` hears of every problem.
    """

    async def problem(_: Request, error: Exception) -> Response:
        found = error if isinstance(error, Problem) else _framework_problem(error)
        count(found.kind)
        return found.response()

    for error in (Problem, HTTPException, RequestValidationError):
        http.add_exception_handler(error, problem)
    http.add_middleware(SafeAnswers, if_we_fail=if_we_fail, count=count)


def _framework_problem(error: Exception) -> Problem:
    if isinstance(error, RequestValidationError):
        return Problem(ProblemKind.invalid, "Change what is listed and send it again.", errors=fixes(error.errors()))
    if isinstance(error, HTTPException) and (kind := _BY_STATUS.get(error.status_code)):
        return Problem(kind, "The API description is at /openapi.json.", headers=error.headers)
    raise error


class SafeAnswers:
    """The outermost layer: headers on every answer, and the answer to what nobody caught."""

    def __init__(self, app: ASGIApp, *, if_we_fail: Problem, count: Count) -> None:
        self._app = app
        self._if_we_fail = if_we_fail
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application. Logs an unexpected error by class and place only, and does not raise it again."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_safely(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in SAFE_HEADERS if pair[0] not in own)]
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("request_failed", method=scope["method"], exc_info=error)
            self._count(self._if_we_fail.kind)
            if started:
                raise
            await self._if_we_fail.response()(scope, receive, send_safely)
