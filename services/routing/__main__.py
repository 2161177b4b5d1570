"""`python -m services.routing`: serve, look after what is held back, check the rules."""

import sys

from services.routing.app import build_app
from services.routing.review.commands import app as rules_app
from services.routing.settings import RoutingSettings
from shared.command_line import command_line
from shared.config_file import ConfigError
from shared.service import Service


def build() -> Service:
    """The service from the environment. Ends with a plain sentence where the configuration cannot be used."""
    try:
        return build_app(RoutingSettings())
    except ConfigError as error:
        sys.exit(str(error))


app = command_line("routing", "Decides who is asked to act on a referral, and keeps its life from then on.", build)


app.command(rules_app)


if __name__ == "__main__":
    app()
