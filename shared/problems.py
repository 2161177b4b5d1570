"""The errors that a client of our HTTP interfaces can meet: a closed list, answered as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class ProblemKind(Enum):
    """Every kind of problem: HTTP status and title. The name is the end of its type and a metric label."""

    malformed_json = 400, "The body is not JSON"
    unauthorized = 401, "We do not know who you are"
    forbidden = 403, "Your role may not do this"
    not_found = 404, "There is nothing at this address"
    method_not_allowed = 405, "This address does not take this method"
    conflict = 409, "The referral is not in a state for this"
    gone = 410, "It is no longer here"
    changed_since = 412, "Somebody has changed it since you looked"
    body_too_large = 413, "The body is too large"
    wrong_media_type = 415, "The body has the wrong media type"
    invalid = 422, "Some fields need a change"
    key_reused = 422, "This Idempotency-Key came with another body before"
    match_required = 428, "Say which version you looked at"
    internal = 500, "Something failed on our side"
    unavailable = 503, "We cannot take this at the moment"

    def __init__(self, status: int, title: str) -> None:
        self.status = status
        self.title = title

    @property
    def type(self) -> str:
        """The `type` member: a name, not an address to fetch."""
        return f"urn:rhtrt:problem:{self.name.replace('_', '-')}"


class Fix(BaseModel):
    """One field and what to do about it. Neither ever quotes what was sent."""

    field: str = Field(description="the field's path, such as `facts.other_towns[2]`; where a name is not known, its parent's")
    fix: str = Field(description="what to do")


class ProblemDetails(BaseModel):
    """An error as it is answered. Further members say more, such as whom to call."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="which kind of problem, from a closed list")
    title: str
    status: int
    detail: str = Field(description="what to do now")
    errors: list[Fix] = []


class Problem(Exception):
    """Raised where a request cannot be served; `answer_safely` turns it into the response.

    `detail` and `members` go out as they are: put nothing into them that came in.
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        *,
        errors: Sequence[Fix] = (),
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        """The problem as problem+json."""
        kind = self.kind
        body: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": self.detail}
        if self.errors:
            body["errors"] = [fix.model_dump() for fix in self.errors]
        return JSONResponse(body | self.members, kind.status, headers=self.headers, media_type=MEDIA_TYPE)
