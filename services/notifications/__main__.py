"""`python -m services.notifications`: serve, settings, parked, replay, skip, check, directory, who-is-on-call, route,
webhook, told, resend, fatigue, drill, preview, digests."""

import sys

from services.notifications import (
    directory_commands,
    drill_commands,
    ledger_commands,
    preview_commands,
    route_commands,
    webhook_commands,
)
from services.notifications.app import build_app
from services.notifications.settings import NotificationsSettings
from shared.command_line import command_line, console
from shared.service import Service


def build() -> Service:
    """The service from the environment. Ends the program with a plain sentence where the configuration does not fit."""
    try:
        return build_app(NotificationsSettings())
    except (ValueError, OSError) as error:
        sys.exit(f"notifications: {error}")


app = command_line("notifications", "Tells the right people by e-mail what routing decided.", build)


app.command(directory_commands.app)
app.command(directory_commands.who_is_on_call)
app.command(route_commands.app)
app.command(webhook_commands.app)
app.command(ledger_commands.told)
app.command(ledger_commands.resend)
app.command(ledger_commands.fatigue)
app.command(drill_commands.drill)
app.command(preview_commands.preview)
app.command(preview_commands.digests)


@app.command
def check() -> None:
    """Check every file that says who is told of what, without starting anything.

    Example: python -m services.notifications check
    """
    rules = directory_commands.the_rules()
    contacts, lines = rules.directory.contacts.contacts, rules.policy.notices
    recipients = sum(len(desks) for desks in contacts.values())
    console.print(f"fine: {recipients} recipients in {len(contacts)} agencies, {len(lines)} kinds of event")


if __name__ == "__main__":
    app()
