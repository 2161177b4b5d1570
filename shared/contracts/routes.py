"""`GET /asyncapi.json`: what this service sends and receives, as a file. No page with it: those load scripts from elsewhere."""

from fastapi import APIRouter, Response

from shared.contracts.asyncapi import document_text


def contract_routes(service: str) -> APIRouter:
    """The route of one service; its document is built now and never again."""
    text = document_text(service)
    router = APIRouter(include_in_schema=False)

    @router.get("/asyncapi.json")
    async def asyncapi() -> Response:
        return Response(text, media_type="application/json")

    return router
