"""`python -m services.routing.serve`: routing until SIGTERM."""

from services.routing.app import from_environment
from shared.serving import serve

if __name__ == "__main__":
    serve(from_environment())
