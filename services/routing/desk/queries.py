"""What the desk's lists may be asked, as it stands in the address."""

from pydantic import BaseModel, ConfigDict, Field

from services.routing.keeping.queues import Age, Queue
from shared.events.facts import AgencyId
from shared.vocabulary import Town, TraffickingType

_PAGE = 50


class QueueQuery(BaseModel):
    """Which queue, and what narrows it down."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    queue: Queue
    agency: AgencyId | None = Field(None, description="only where this agency has an open part")
    town: Town | None = Field(None, description="the town of exploitation")
    type: TraffickingType | None = None
    age: Age | None = None
    limit: int = Field(_PAGE, ge=1, le=200)
    cursor: str | None = Field(None, max_length=120, description="`next` of the page before")

    @property
    def having(self) -> dict[str, str]:
        """The filters of `desk` that are set."""
        told = {"town": self.town, "type": self.type, "age": self.age}
        return {name: value.value for name, value in told.items() if value is not None}


class TimelineQuery(BaseModel):
    """Which part of it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    before: int | None = Field(None, ge=1, le=10**9, description="only older changes: `next` of the page before")
