"""The bus as agencies meet it: the published listener, from the host's network."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
from pathlib import Path

from deploy.compose_test.compose import Failed, address, containers, docker

INBOX = (Path(__file__).parent / "inbox.py").read_text()


def as_agency(agency: str, script: str, *, user: str | None = None) -> str:
    """What a Python script prints that runs on the host's network, with the libraries of a service's image.

    It finds the authority's certificate and a password under /bus. `user`: whose password, where not the agency's own.
    """
    secrets = Path(os.environ["SECRETS_DIR"]).absolute()
    mounts = [
        f"type=bind,readonly,source={secrets}/bus_ca.pem,target=/bus/ca.pem",
        f"type=bind,readonly,source={secrets}/bus/{user or agency},target=/bus/password",
    ]
    image = f"{os.environ['COMPOSE_PROJECT_NAME']}-routing"
    options = ["--rm", "--interactive", "--network", "host", "--env", f"BUS={address('kafka', 9094)}"]
    mounted = [part for mount in mounts for part in ("--mount", mount)]
    return docker(["run", *options, *mounted, "--entrypoint", "python", image, "-", agency], script, 60)


def closed() -> None:
    """The certificate is one that the authority vouches for; without TLS, or with another's password, nobody gets in."""
    _certificate()
    refused("cca", INBOX.replace("SASL_SSL", "SASL_PLAINTEXT"))
    refused("cca", INBOX, user="windsor-pd")
    refused("cca", INBOX.replace('topic = f"agencies.{agency}', 'topic = f"agencies.windsor-pd'))


def rotate_certificate() -> None:
    """The one command puts another certificate in use that the authority vouches for too; the broker is not restarted."""
    before, started = _certificate(), _started()
    run = subprocess.run(["deploy/rotate-certificate.sh"], capture_output=True, text=True, timeout=90, check=False)
    if run.returncode:
        raise Failed(f"deploy/rotate-certificate.sh: {run.stdout}{run.stderr}", "kafka")
    if _certificate() == before or _started() != started:
        raise Failed("the certificate is the old one, or the broker was restarted", "kafka")


def _certificate() -> bytes:
    """What a client is shown that trusts our authority."""
    host, _, port = address("kafka", 9094).rpartition(":")
    trust = ssl.create_default_context(cafile=f"{os.environ['SECRETS_DIR']}/bus_ca.pem")
    with socket.create_connection((host, int(port)), 10) as raw, trust.wrap_socket(raw, server_hostname=host) as secure:
        if secure.version() not in ("TLSv1.2", "TLSv1.3"):
            raise Failed(f"the bus speaks {secure.version()}", "kafka")
        return secure.getpeercert(binary_form=True) or b""


def _started() -> str:
    return str(containers("kafka")[0]["State"]["StartedAt"])


def refused(agency: str, script: str = INBOX, *, user: str | None = None) -> None:
    """Whoever tries this gets nothing."""
    try:
        as_agency(agency, script, user=user)
    except Failed:
        return
    raise Failed("the bus let somebody in who has no right", "kafka")
