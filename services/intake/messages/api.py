"""The messages over HTTP, for the coordinator and supervisors: what waits, reading, asking."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from services.intake.access.api import answered, reader_of
from services.intake.access.grants import Purpose
from services.intake.access.permission import Reader
from services.intake.messages.desk import MessageDesk
from services.intake.messages.exchange import Full, NoSuchReferral, TakenBack
from services.intake.messages.message import LONGEST, By, Message
from services.intake.messages.openapi import ASK, READ_MESSAGES, WAITING
from shared.agencies import Agencies
from shared.body import read_json
from shared.events.facts import Frozen
from shared.fixes import fixes
from shared.identity import SignedIn
from shared.principal import Role
from shared.problems import Problem, ProblemKind

_BODY_LIMIT = 32 * 1024
_ROLES = (Role.coordinator, Role.supervisor)


class Question(Frozen):
    """Whoever holds the receipt code reads it: write no name and nothing that was told."""

    id: UUID = Field(description="choose a new one for each question; with the same one again it is asked once")
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class MessageAnswer(BaseModel):
    """One message. `answers`: the question's id."""

    id: UUID
    number: int = Field(description="its place among the referral's messages, from 1")
    by: By
    at: datetime
    text: str
    answers: UUID | None


class MessagesAnswer(BaseModel):
    """All messages of a referral, oldest first."""

    referral_id: UUID
    contact_unsafe: bool = Field(description="nobody may call, write or text; a question here is seen with the code alone")
    withdrawn: bool
    messages: list[MessageAnswer]


class Waiting(BaseModel):
    """A referral whose reporter wrote something that the coordinator has not read."""

    referral_id: UUID
    since: datetime


class WaitingAnswer(BaseModel):
    """The longest waiting first, 200 at most."""

    waiting: list[Waiting]


def message_routes(desk: MessageDesk, agencies: Agencies, signed_in: SignedIn) -> APIRouter:
    """The routes. Reading and asking are written down in the audit before they are answered."""
    router = APIRouter(prefix="/api/v1", tags=["messages"])
    reader = reader_of(agencies, signed_in, _ROLES, "Messages are for the coordinator and agencies' supervisors.")

    async def coordinator(who: Annotated[Reader, Depends(reader)]) -> Reader:
        if who.role is not Role.coordinator:
            raise Problem(ProblemKind.forbidden, "The list is for the coordinator.")
        return who

    @router.get("/messages", **WAITING, response_model=WaitingAnswer, dependencies=[Depends(coordinator)])
    async def waiting() -> dict[str, Any]:
        found = await answered(desk.waiting())
        return {"waiting": [{"referral_id": one.referral, "since": one.waiting} for one in found]}

    @router.get("/referrals/{referral_id}/messages", **READ_MESSAGES, response_model=MessagesAnswer)
    async def read(
        referral_id: UUID,
        purpose: Annotated[Purpose, Query(description="what they are needed for; it is written down with the reading")],
        who: Annotated[Reader, Depends(reader)],
    ) -> dict[str, Any]:
        told, messages = await answered(desk.read(who, referral_id, purpose))
        return {
            "referral_id": referral_id,
            "contact_unsafe": told.contact_unsafe,
            "withdrawn": told.withdrawn,
            "messages": [_shown(one) for one in messages],
        }

    @router.post("/referrals/{referral_id}/messages", **ASK, response_model=MessageAnswer)
    async def ask(referral_id: UUID, request: Request, who: Annotated[Reader, Depends(reader)]) -> dict[str, Any]:
        question = _question(await read_json(request, _BODY_LIMIT))
        try:
            return _shown(await answered(desk.ask(who, referral_id, question.id, question.text)))
        except TakenBack:
            raise Problem(ProblemKind.conflict, "The reporter took it back; nobody will see the question.") from None
        except Full:
            raise Problem(ProblemKind.conflict, "There are as many messages as a referral can have.") from None
        except NoSuchReferral:
            raise Problem(ProblemKind.not_found, "There is no referral with this id.") from None

    return router


def _question(body: bytes) -> Question:
    try:
        return Question.model_validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        if errors[0]["type"] == "json_invalid":
            raise Problem(ProblemKind.malformed_json, "Send a body that is valid JSON, in UTF-8.") from None
        raise Problem(ProblemKind.invalid, "Change what is listed and send it again.", errors=fixes(errors)) from None


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "number": message.number,
        "by": message.by,
        "at": message.at,
        "text": message.text,
        "answers": message.answers,
    }
