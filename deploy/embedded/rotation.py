"""A new certificate for the broker of the running stack, while clients read on."""

from __future__ import annotations

from confluent_kafka import KafkaException

from deploy.embedded.access import Access
from deploy.embedded.certificates import renew
from deploy.embedded.jars import Say
from deploy.embedded.ports import HOST
from deploy.embedded.refusal import Refusal
from deploy.embedded.settings import Settings
from deploy.embedded.state import StateFolder
from shared.bus.certificate import Listener
from shared.bus.renewal import NotRenewed, reload_certificate

WITHIN = 15.0


def rotate(settings: Settings, say: Say) -> None:
    """Makes a new key and certificate, and lets the broker take them. Refusal where nothing runs, or it does not take them."""
    folder = StateFolder(settings.run)
    if folder.supervisor() is None:
        raise Refusal("Nothing is running: `make up` first.")
    ports = folder.remembered_ports()
    outside = f"{HOST}:{ports['KAFKA_OUTSIDE_PORT']}"
    access = Access(f"{HOST}:{ports['KAFKA_PORT']}", outside, settings.secrets)
    renew(settings.secrets)
    try:
        shown = reload_certificate(access.settings(), Listener(outside, settings.secrets / "ca.pem"), WITHIN)
    except (NotRenewed, KafkaException, OSError) as error:
        raise Refusal(f"The new certificate is made, and the broker does not show it: {error}") from None
    say(f"{outside} shows a new certificate, until {shown.expires:%Y-%m-%d}.")
