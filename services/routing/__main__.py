"""`python -m services.routing`: look after what is held back, check the rules."""

from services.routing.app import from_environment
from services.routing.review.commands import app as rules_app
from shared.command_line import command_line

app = command_line("routing", "Decides who is asked to act on a referral, and keeps its life from then on.", from_environment)
app.command(rules_app)


if __name__ == "__main__":
    app()
