"""`python -m services.notifications`: serve, settings, parked, replay, skip, check."""

import sys

from services.notifications.app import build_app
from services.notifications.contacts import load_contacts
from services.notifications.policy import load_policy
from services.notifications.settings import NotificationsSettings
from shared.agencies import load_agencies
from shared.command_line import command_line, console
from shared.service import Service


def build() -> Service:
    """The service from the environment. Ends the program with a plain sentence where the configuration does not fit."""
    try:
        return build_app(NotificationsSettings())
    except (ValueError, OSError) as error:
        sys.exit(f"notifications: {error}")


app = command_line("notifications", "Tells the right people by e-mail what routing decided.", build)


@app.command
def check() -> None:
    """Check agencies.yaml, contacts.yaml and notices.yaml without starting anything.

    Example: python -m services.notifications check
    """
    folder = NotificationsSettings().config_dir
    try:
        contacts = load_contacts(folder, load_agencies(folder))
        policy = load_policy(folder)
    except (ValueError, OSError) as error:
        sys.exit(f"notifications: {error}")
    recipients = sum(len(people) for people in contacts.contacts.values())
    console.print(f"fine: {recipients} recipients in {len(contacts.contacts)} agencies, {len(policy.notices)} kinds of event")


if __name__ == "__main__":
    app()
