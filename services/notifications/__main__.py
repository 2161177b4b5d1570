"""`python -m services.notifications`: settings, parked, replay, skip, check, directory, who-is-on-call, route, webhook,
told, resend, fatigue, drill, preview, digests."""

from services.notifications.app import from_environment
from services.notifications.command_line import directory, drill, ledger, preview, route, webhook
from shared.command_line import command_line, console

app = command_line("notifications", "Tells the right people by e-mail what routing decided.", from_environment)


app.command(directory.app)
app.command(directory.who_is_on_call)
app.command(route.app)
app.command(webhook.app)
app.command(ledger.told)
app.command(ledger.resend)
app.command(ledger.fatigue)
app.command(drill.drill)
app.command(preview.preview)
app.command(preview.digests)


@app.command
def check() -> None:
    """Check every file that says who is told of what, without starting anything.

    Example: python -m services.notifications check
    """
    rules = directory.the_rules()
    contacts, lines = rules.directory.contacts.contacts, rules.policy.notices
    recipients = sum(len(desks) for desks in contacts.values())
    console.print(f"fine: {recipients} recipients in {len(contacts)} agencies, {len(lines)} kinds of event")


if __name__ == "__main__":
    app()
