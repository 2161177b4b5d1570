"""Addresses of agencies' own systems that want to be told: config/webhooks.yaml, and their secrets."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from services.notifications.directory.complaint import complaint
from services.notifications.directory.reach import EndpointId
from shared.events.facts import AgencyId, Frozen

FILE = "webhooks.yaml"


class Endpoint(Frozen):
    """One address. It is only ever called over TLS, and a redirect is not followed."""

    id: EndpointId
    agency: AgencyId
    url: Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/-]*$")]


class Webhooks(Frozen):
    """All addresses, each name once."""

    endpoints: tuple[Endpoint, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(self.by_id) < len(self.endpoints):
            raise ValueError("a name is there twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Endpoint]:
        """Each by its name."""
        return {endpoint.id: endpoint for endpoint in self.endpoints}


def load_webhooks(config_dir: Path) -> Webhooks:
    """Reads and checks webhooks.yaml. ValueError says what is wrong in it; no file is no address."""
    path = config_dir / FILE
    raw = (yaml.safe_load(path.read_text()) if path.exists() else None) or {}
    try:
        return Webhooks.model_validate(raw)
    except (ValidationError, TypeError) as error:
        raise ValueError(f"{FILE}: {complaint(error)}") from None


def read_secrets(folder: Path, endpoint: str) -> tuple[str, ...]:
    """The secrets of an address, the newest first: one a line, as in `whsec_...`. OSError, ValueError."""
    secrets = tuple(line.strip() for line in (folder / endpoint).read_text().splitlines() if line.strip())
    if not 1 <= len(secrets) <= 2:
        raise ValueError(f"{endpoint}: write one secret, or two while it changes, each on a line")
    return secrets
