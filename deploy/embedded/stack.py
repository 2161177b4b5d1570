"""Which programs make the stack, and in which order they start."""

from __future__ import annotations

from deploy.embedded.binary import mongod_binary
from deploy.embedded.issuer import Issuer
from deploy.embedded.jars import class_path
from deploy.embedded.kafka import Broker
from deploy.embedded.mail import MailSink
from deploy.embedded.mongod import Database
from deploy.embedded.ports import HOST
from deploy.embedded.provisioning import Provisioning
from deploy.embedded.server import Server
from deploy.embedded.service import SERVICES, Service, Surroundings, ensure_keyring, ensure_secret
from deploy.embedded.settings import Settings

Stages = list[list[Server]]


def stages(settings: Settings) -> Stages:
    """The programs, by stage: those of one stage start together, when all of the stage before are ready."""
    mongod, mail, kafka = _backbone(settings)
    issuer = Issuer(settings.issuer_key, settings.logs / "issuer.log", port=settings.ports["ISSUER_PORT"])
    surroundings = Surroundings(
        kafka=kafka.access,
        mongo_url=mongod.url,
        smtp=mail.address,
        config=settings.config,
        receipt_secret=ensure_secret(settings.receipt_secret),
        vault_keyring=ensure_keyring(settings.vault_keyring),
        log_level=settings.log_level,
        extra=issuer.environment() | _links(settings) | _folders(settings) | _extracts(settings),
    )
    provisioning = Provisioning(kafka.access, settings.config, settings.logs / "provision.log")
    return [[mongod, mail, kafka, issuer], [provisioning], [_service(name, surroundings, settings) for name in SERVICES]]


def _extracts(settings: Settings) -> dict[str, str]:
    """What reporting makes pseudonyms with."""
    return {"EXTRACT_SECRET_FILE": str(ensure_secret(settings.secrets / "extract"))}


def _links(settings: Settings) -> dict[str, str]:
    """What notifications signs its links with, and where they lead."""
    return {
        "ACKNOWLEDGE_URL": f"http://{HOST}:{settings.ports['NOTIFICATIONS_PORT']}/acknowledge",
        "ACKNOWLEDGE_KEY_FILE": str(ensure_secret(settings.secrets / "acknowledge")),
    }


def _folders(settings: Settings) -> dict[str, str]:
    """Where notifications finds the secrets of webhooks, and the addresses of chat rooms and calendars: made, and empty."""
    named = {"WEBHOOK_SECRETS_DIR": "webhooks", "CHAT_ADDRESSES_DIR": "chats", "CALENDAR_ADDRESSES_DIR": "calendars"}
    for name in named.values():
        (settings.secrets / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    return {setting: str(settings.secrets / name) for setting, name in named.items()}


def _backbone(settings: Settings) -> tuple[Database, MailSink, Broker]:
    local, logs, ports = settings.local, settings.logs, settings.ports
    broker = Broker(
        local / "kafka",
        class_path(settings.cache),
        port=ports["KAFKA_PORT"],
        outside_port=ports["KAFKA_OUTSIDE_PORT"],
        controller_port=ports["KAFKA_CONTROLLER_PORT"],
        secrets=settings.secrets,
        heap=settings.kafka_heap,
        log=logs / "kafka.log",
    )
    binary = mongod_binary(settings.cache)
    database = Database(local / "mongod", binary, port=ports["MONGO_PORT"], log=logs / "mongod.log")
    mail = MailSink(local / "mail", port=ports["SMTP_PORT"], log=logs / "mail.log")
    return database, mail, broker


def _service(name: str, surroundings: Surroundings, settings: Settings) -> Service:
    return Service(name, surroundings, settings.logs / f"{name}.log", port=settings.ports[f"{name.upper()}_PORT"])
