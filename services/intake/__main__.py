"""`python -m services.intake`: look after what is held back, and after the vault. `serve.py` opens the door."""

from services.intake.access.matrix import grants
from services.intake.app import from_environment
from services.intake.audit.commands import app as audit_app
from services.intake.keys_commands import app as keys_app
from services.intake.provider.import_command import import_
from services.intake.retention.commands import app as retention_app
from shared.command_line import command_line

app = command_line("intake", "Takes referrals, keeps their details apart, and passes on the coded facts.", from_environment)
app.command(keys_app)
app.command(audit_app)
app.command(grants)
app.command(retention_app)
app.command(import_, name="import")


if __name__ == "__main__":
    app()
