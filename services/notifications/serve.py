"""`python -m services.notifications.serve`: notifications until SIGTERM, without what only its commands need."""

from shared.lean import CONSOLE, ENCRYPTION, leave_out

leave_out(*CONSOLE, *ENCRYPTION)

from services.notifications.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
