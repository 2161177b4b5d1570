"""The program of the development issuer: publishes the public key, and nothing else.

Run as `python -m deploy.embedded.jwks PORT KEY_FILE`, by the embedded stack or a test only.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.issuer import JWKS, STARTED_BY_US, issuer_url
from deploy.embedded.ports import HOST
from deploy.embedded.refusal import EXIT_STATUS, Refusal


def refuse_outside(environment: Mapping[str, str]) -> None:
    """Refusal where this process was not started by the embedded stack or a test: the child of the process it names."""
    if environment.get(STARTED_BY_US) != str(os.getppid()):
        raise Refusal("The development issuer is part of the embedded stack (`make up`) and the tests, and runs nowhere else.")


def serve(port: int, key_file: Path) -> None:
    """Answer until the end of the process."""
    answers = {
        JWKS: DevelopmentKey(key_file).public(),
        "/.well-known/openid-configuration": {"issuer": issuer_url(port), "jwks_uri": issuer_url(port) + JWKS},
    }

    class Answer(BaseHTTPRequestHandler):
        """Two documents, and nothing else."""

        def do_GET(self) -> None:
            """The document at this path."""
            document = answers.get(self.path)
            self.send_response(http.client.OK if document else http.client.NOT_FOUND)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(document or {}).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer((HOST, port), Answer).serve_forever()


if __name__ == "__main__":
    try:
        refuse_outside(os.environ)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(EXIT_STATUS)
    serve(int(sys.argv[1]), Path(sys.argv[2]))
