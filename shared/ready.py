"""Asks the service of this container whether it is ready; the exit status is the answer. Run as `python -m shared.ready`.

Only the standard library: it runs every few seconds.
"""

import http.client
import os
import sys


def ready(port: int, host: str = "127.0.0.1", timeout: float = 4.0) -> bool:
    """Whether `/health/ready` answers 200 within `timeout` seconds."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(int(os.environ.get("HTTP_PORT", "8000"))) else 1)
