"""`python -m services.notifications.serve`: notifications until SIGTERM."""

from services.notifications.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
