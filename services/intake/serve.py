"""`python -m services.intake.serve`: intake until SIGTERM."""

from services.intake.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
