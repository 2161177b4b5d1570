"""A new certificate for the listener outside, while the brokers run and clients read on."""

import time
from typing import Any

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from shared.bus.certificate import Listener, Shown
from shared.bus.cluster import client_configuration
from shared.settings import KafkaSettings

KEYSTORE = "listener.name.outside.ssl.keystore.location"
IN_A_ROW = 20
"""A broker's network threads take turns with new connections, and each takes the new certificate a moment after the other."""


class NotRenewed(Exception):
    """The listener goes on showing the certificate that it had. The text says what to look at."""


def reload_certificate(settings: KafkaSettings, listener: Listener, within: float) -> Shown:
    """Lets every broker take its certificate from its file anew; returns what the listener shows then.

    NotRenewed where it shows the same after `within` seconds. KafkaException where a broker refuses, OSError where the listener
    does not answer.
    """
    before = listener.shown()
    _reload(AdminClient(client_configuration(settings)))
    until = time.monotonic() + within
    while (now := _still(listener, before.serial)).serial == before.serial:
        if time.monotonic() > until:
            raise NotRenewed(
                f"{listener.address} shows the certificate that it had, until {before.expires:%Y-%m-%d}: its file is the same, "
                "or the broker refused it (its log says why), as it does where a name is missing that the last one had"
            )
        time.sleep(0.05)
    return now


def _still(listener: Listener, serial: int) -> Shown:
    """The certificate of this number where it is still shown, else the new one."""
    for _ in range(IN_A_ROW):
        if (now := listener.shown()).serial == serial:
            break
    return now


def _reload(admin: AdminClient) -> None:
    """A change of a broker's own settings makes it read their files again.

    Here what is taken back was never set, so that nothing changes, and nothing is left that would win over its settings file.
    """
    nothing: Any = None
    brokers = [
        ConfigResource(
            ConfigResource.Type.BROKER,
            str(number),
            incremental_configs=[ConfigEntry(KEYSTORE, nothing, incremental_operation=AlterConfigOpType.DELETE)],
        )
        for number in admin.list_topics(timeout=10).brokers
    ]
    for changed in admin.incremental_alter_configs(brokers).values():
        changed.result()
