"""`python -m services.reporting.serve`: reporting until SIGTERM, without what only its commands need."""

from shared.lean import CONSOLE, ENCRYPTION, leave_out

leave_out(*CONSOLE, *ENCRYPTION)

from services.reporting.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
