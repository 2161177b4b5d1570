"""`python -m services.routing`: serve, look after what is held back, check the rules."""

import sys

from rich.console import Console

from services.routing.app import build_app
from services.routing.config_file import ConfigError
from services.routing.rule_book import load_rule_book
from services.routing.settings import RoutingSettings
from shared.command_line import command_line
from shared.service import Service

console = Console()


def build() -> Service:
    """The service from the environment. Ends with a plain sentence where the configuration cannot be used."""
    try:
        return build_app(RoutingSettings())
    except ConfigError as error:
        sys.exit(str(error))


app = command_line("routing", "Decides who is asked to act on a referral, and keeps its life from then on.", build)


@app.command
def rules() -> None:
    """Check the configuration and list every reason a decision can give, in words.

    Example: CONFIG_DIR=config python -m services.routing rules
    """
    settings = RoutingSettings()
    try:
        book = load_rule_book(settings.config_dir, settings.clock_scale)
    except ConfigError as error:
        sys.exit(str(error))
    for reason, why in book.why.items():
        console.print(f"{reason}: {why}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(book.rules.rules)} rules can be used, version {book.rules.version}", highlight=False)


if __name__ == "__main__":
    app()
