"""`/from-provider/…`: where the provider of text messages posts receipts and replies. What it did not sign is refused."""

from urllib.parse import parse_qsl
from uuid import UUID

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.notifications.answers.answers_by_text import AnswersByText
from services.notifications.answers.provider_message import is_signed
from services.notifications.channels.settings import SmsSettings
from shared.delivery.errors import Unavailable
from shared.mongo import UNAVAILABLE

_MOST_BYTES = 20_000
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Asks the provider to answer nothing: it sends the answers to STOP and START itself."""


class ProviderPages:
    """The provider tries again after a 503."""

    def __init__(self, settings: SmsSettings, answers: AnswersByText) -> None:
        self._settings = settings
        self._answers = answers

    @property
    def application(self) -> Starlette:
        """For mounting at `/from-provider`."""
        routes = [
            Route("/receipts/{message:uuid}", self.receipt, methods=["POST"]),
            Route("/replies", self.reply, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def receipt(self, request: Request) -> Response:
        """A message reached a phone, or did not."""
        message: UUID = request.path_params["message"]
        form = await self._form(request, f"/receipts/{message}")
        try:
            await self._answers.receipt(message, form.get("MessageStatus", ""))
        except (Unavailable, *UNAVAILABLE):
            raise HTTPException(503) from None
        return Response(status_code=204)

    async def reply(self, request: Request) -> Response:
        """Somebody answered a message."""
        form = await self._form(request, "/replies")
        try:
            await self._answers.reply(form.get("From", ""), form.get("Body", ""))
        except (Unavailable, *UNAVAILABLE):
            raise HTTPException(503) from None
        return Response(_NOTHING, media_type="application/xml")

    async def _form(self, request: Request, path: str) -> dict[str, str]:
        """What was posted; HTTPException 403 unless the provider signed it for this very address."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                raise HTTPException(413)
        form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        token, claimed = self._settings.token.get_secret_value(), request.headers.get("x-twilio-signature", "")
        if not is_signed(token, self._settings.callback_url.rstrip("/") + path, form, claimed):
            raise HTTPException(403)
        return form
