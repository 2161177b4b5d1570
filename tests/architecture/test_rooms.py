"""A client library is imported in the rooms that are for it, so that what decides can be read and tested without one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import parsed

HTTP = {"fastapi", "starlette", "uvicorn", "httpx"}
ROOMS: dict[str, set[str]] = {
    "api": HTTP | {"pymongo"},
    "acknowledge_pages": HTTP,
    "provider_pages": HTTP,
    "command_api": HTTP,
    "client": HTTP,
    "import_command": HTTP,
    "openapi": HTTP,
    "posted": HTTP,
    "routes": HTTP,
    "inside": HTTP,
    "guarded": HTTP,
    "named": HTTP,
    "public": HTTP,
    "site": HTTP,
    "store": {"pymongo", "bson"},
    "archive": {"pymongo"},
    "rejection_store": {"pymongo"},
    "writing": {"pymongo"},
    "vault": {"pymongo", "bson"},
    "escalation_store": {"pymongo"},
    "bundle_store": {"pymongo"},
    "clock_store": {"pymongo"},
    "standing_store": {"pymongo"},
    "audit_store": {"pymongo"},
    "email": {"aiosmtplib"},
    "sms": {"httpx"},
    "webhook": {"httpcore"},
    "public_network": {"httpcore"},
    "feed": {"httpcore"},
    "public_requests": {"requests", "urllib3"},
    "tail": {"aiokafka"},
    "access": HTTP,
    "rebuilds": {"pymongo"},
    "exported": HTTP,
    "asked": HTTP,
    "cases": HTTP,
    "ledger": {"pymongo"},
    "numbers": {"pymongo"},
    "command_line/": {"aiokafka", "pymongo"},
    "metrics": {"prometheus_client"},
    "handlers": {"faststream", "aiokafka"},
}
"""What a file of this name may import, or the files of a folder; any other module imports none of these libraries."""

CLIENTS = set[str]().union(*ROOMS.values()) | {"motor", "confluent_kafka"}


def imported(module: ast.Module) -> Iterator[str]:
    """The top-level packages a module imports, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("file", sorted(parsed("services")))
def test_a_client_library_stays_in_its_room(file: str) -> None:
    place = Path(file)
    allowed = ROOMS.get(place.stem, set()) | ROOMS.get(f"{place.parent.name}/", set())
    assert set(imported(parsed("services")[file])) & CLIENTS <= allowed
