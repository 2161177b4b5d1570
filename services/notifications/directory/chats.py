"""Rooms of chat services in which somebody wants to be told: config/chats.yaml. Their addresses are secrets, in files."""

from functools import cached_property
from pathlib import Path
from typing import Self

import yaml
from pydantic import ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.reach import EndpointId
from shared.events.facts import AgencyId, Frozen

FILE = "chats.yaml"


class Room(Frozen):
    """One room, or one person's device. Whoever knows its address can write there, so that it stands in no file of config/."""

    id: EndpointId
    agency: AgencyId


class Chats(Frozen):
    """All rooms, each name once."""

    rooms: tuple[Room, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(self.by_id) < len(self.rooms):
            raise ValueError("a name is there twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Room]:
        """Each by its name."""
        return {room.id: room for room in self.rooms}


def load_chats(config_dir: Path) -> Chats:
    """Reads and checks chats.yaml. ValueError says what is wrong in it; no file is no room."""
    path = config_dir / FILE
    raw = (yaml.safe_load(path.read_text()) if path.exists() else None) or {}
    try:
        return Chats.model_validate(raw)
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None
