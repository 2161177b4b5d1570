"""`python -m services.intake.serve`: intake until SIGTERM, without what only its commands need."""

from shared.lean import CONSOLE, leave_out

leave_out(*CONSOLE)  # not what encrypts: the vault does

from services.intake.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
