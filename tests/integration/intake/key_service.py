"""A key service that speaks as much of AWS KMS's protocol as a driver uses, over TLS: no real one can be reached by tests."""

from __future__ import annotations

import json
import secrets
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import trustme

from deploy.embedded.ports import HOST

CREDENTIALS = {"accessKeyId": "ONLY-FOR-TESTS", "secretAccessKey": "never for people"}
ARN = "arn:aws:kms:us-east-1:000000000000:key/test"


class KeyService:
    """What it wrapped, by what it gave out for it. `down`: it hangs up on everybody. `asked`: the calls it answered."""

    def __init__(self) -> None:
        self.down = False
        self.asked: list[str] = []
        self._wrapped: dict[str, str] = {}

    def answer(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(call)
        if call == "Encrypt":
            blob = b64encode(secrets.token_bytes(256)).decode()
            self._wrapped[blob] = body["Plaintext"]
            return {"CiphertextBlob": blob, "KeyId": body["KeyId"]}
        return {"Plaintext": self._wrapped[body["CiphertextBlob"]], "KeyId": ARN}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    service: KeyService

    def handle_error(self, *_: Any) -> None:
        """Somebody hung up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:  # as the library has it
        service = self.server.service
        if service.down:
            self.close_connection = True
            return
        assert f"Credential={CREDENTIALS['accessKeyId']}/" in self.headers["Authorization"]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = json.dumps(service.answer(self.headers["X-Amz-Target"].removeprefix("TrentService."), body)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def key_service(folder: Path) -> Iterator[tuple[KeyService, dict[str, Any]]]:
    """The service, and what a keyring has to hold to use it as `aws:test`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "key-service-ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server = _Server((HOST, 0), _Handler)
    server.service = KeyService()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield (
            server.service,
            {
                "current": "aws:test",
                "providers": {"aws:test": CREDENTIALS},
                "master_keys": {"aws:test": {"region": "us-east-1", "key": ARN, "endpoint": f"{HOST}:{server.server_port}"}},
                "tls": {"aws:test": {"tlsCAFile": str(folder / "key-service-ca.pem")}},
            },
        )
    finally:
        server.shutdown()
        server.server_close()
