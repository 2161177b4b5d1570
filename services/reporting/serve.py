"""`python -m services.reporting.serve`: reporting until SIGTERM."""

from services.reporting.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
