"""The development issuer: publishes the public key of `development_tokens`, on loopback, inside the embedded stack alone.

It has no sign-in page and answers no request for a token: whoever may read the key's file makes tokens with
`python -m deploy.embedded token`.
"""

from __future__ import annotations

import http.client
import os
import sys
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.server import Server
from shared.principal import Role, Scope

STARTED_BY_US = "EMBEDDED_STACK_PARENT"
JWKS = "/jwks"


class Issuer(Server):
    """`python -m deploy.embedded.jwks PORT KEY_FILE`. `port`: 0 chooses a free one."""

    kind = "issuer"

    def __init__(self, key_file: Path, log: Path, *, port: int = 0) -> None:
        port = port or free_port()
        self.key_file = key_file.absolute()
        command = [sys.executable, "-m", "deploy.embedded.jwks", str(port), str(self.key_file)]
        super().__init__(Child("issuer", command, log, {**os.environ, STARTED_BY_US: str(os.getpid())}), port)

    @property
    def url(self) -> str:
        """What its tokens say as `iss`."""
        return issuer_url(self.port)

    def environment(self) -> dict[str, str]:
        """What a service has to be told to take its tokens."""
        return {"OIDC_ISSUER": self.url, "OIDC_JWKS_URL": self.url + JWKS}

    def token(self, role: Role, agency: str | None = None, *, subject: str = "") -> str:
        """A token of this issuer."""
        return DevelopmentKey(self.key_file).token(self.url, role, agency, subject=subject)

    def system_token(self, system: str, *scopes: Scope) -> str:
        """The same for a provider's system."""
        return DevelopmentKey(self.key_file).system_token(self.url, system, scopes)

    def answers(self) -> bool:
        """Whether it publishes its key."""
        return publishes(self.port)


def publishes(port: int) -> bool:
    """Whether an issuer on a loopback port publishes its key."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", JWKS)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def issuer_url(port: int) -> str:
    """The issuer's name, which is also its address."""
    return f"http://{HOST}:{port}"
