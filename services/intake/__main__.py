"""`python -m services.intake`: serve the door, where referrals come in; look after what is held back, and after the vault."""

import sys

from services.intake.access.matrix import grants
from services.intake.app import build_app
from services.intake.audit.commands import app as audit_app
from services.intake.keys_commands import app as keys_app
from services.intake.provider.import_command import import_
from services.intake.retention.commands import app as retention_app
from services.intake.settings import IntakeSettings
from shared.command_line import command_line
from shared.service import Service


def build() -> Service:
    """The service from the environment; ends with one plain line where that cannot be used."""
    try:
        return build_app(IntakeSettings())
    except (OSError, ValueError) as error:
        sys.exit(f"intake: {error}\nSee RECEIPT_SECRET_FILE, VAULT_KEYRING_FILE and CONFIG_DIR in docs/intake-api.md.")


app = command_line("intake", "Takes referrals, keeps their details apart, and passes on the coded facts.", build)
app.command(keys_app)
app.command(audit_app)
app.command(grants)
app.command(retention_app)
app.command(import_, name="import")


if __name__ == "__main__":
    app()
