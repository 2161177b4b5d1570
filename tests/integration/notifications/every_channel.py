"""Settings of a service in which each channel is used, all but mail against one server that plays the other sides."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from services.notifications.channels.settings import ChatSettings, SmsSettings, WebhookSettings
from services.notifications.settings import NotificationsSettings
from tests.integration.notifications.conftest import Bus
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Provider

WAYS = {"cca": "email", "dcf": "sms", "hartford-pd": "webhook", "windsor-pd": "chat"}
"""Agencies whose duty desk is told by one channel each."""


def by_every_channel(bus: Bus, mail: MailServer, others: Provider, folder: Path) -> NotificationsSettings:
    """Patient: nobody falls over to another channel while a test runs."""
    shutil.copytree("config", config := folder / "config")
    files = {
        "token": "token",
        "webhooks/system": "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXc=",
        "chats/room": "ntfys://127.0.0.1:PORT/t",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(others.port)))
    contacts = yaml.safe_load((config / "contacts.yaml").read_text())
    desks: dict[str, dict[str, Any]] = {
        "dcf": {"phone": "+18605550100", "prefers": ["sms"]},
        "hartford-pd": {"webhook": "system", "prefers": ["webhook"]},
        "windsor-pd": {"chat": "room", "prefers": ["chat"]},
    }
    for agency, desk in desks.items():
        contacts["contacts"][agency][0].update(desk)
    (config / "contacts.yaml").write_text(yaml.safe_dump(contacts))
    url = f"https://127.0.0.1:{others.port}/referrals"
    (config / "webhooks.yaml").write_text(f"endpoints: [{{id: system, agency: hartford-pd, url: '{url}'}}]")
    (config / "chats.yaml").write_text("rooms: [{id: room, agency: windsor-pd}]")
    ours: dict[str, Any] = {"ca_file": folder / "ca.pem", "per_second": 100, "send_seconds": 0.9}
    guarded = ours | {"allow_networks": "127.0.0.0/8"}
    sms = SmsSettings(
        url=f"https://127.0.0.1:{others.port}", account="AC1", token_file=folder / "token", sender="+18605550199", **ours
    )
    return bus.settings(
        mail,
        config_dir=config,
        clock_scale=100.0,
        sms=sms,
        webhook=WebhookSettings(secrets_dir=folder / "webhooks", **guarded),
        chat=ChatSettings(addresses_dir=folder / "chats", **guarded),
    )
