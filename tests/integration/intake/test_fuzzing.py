"""The whole API as its description has it, with whatever can be sent: no failure of ours, and no answer that is not described.

FUZZ_EXAMPLES: how many requests an operation gets; `make fuzz` sends ten thousand in all.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.embedded import Access, Issuer
from services.intake.settings import IntakeSettings
from shared.principal import Role, Scope
from tests.integration.intake.door import open_door
from tests.integration.intake.reading import trusting

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def hammer(url: str, tokens: list[str]) -> dict[str, int]:
    """Sends as many requests as there are examples to each operation; how many it sent."""
    schema: Any = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    return {operation.label: sent_to(operation, itertools.cycle(tokens)) for operation in operations}


def sent_to(operation: Any, tokens: Iterator[str]) -> int:
    """How many requests it took: one with each kind of token in turn."""
    sent = 0

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        nonlocal sent
        sent += 1
        token = next(tokens)
        answer = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})
        case.validate_response(answer, checks=CHECKS)

    one()
    return sent


# The service runs in this process, in another thread: Hypothesis takes the numbers that its clients draw for its strategies'.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning")
async def test_whatever_is_sent_every_answer_is_as_described_and_none_is_our_failure(
    intake_settings: IntakeSettings, access: Access, tmp_path: Path
) -> None:
    issuer = Issuer(tmp_path / "key", tmp_path / "issuer.log").start()
    try:
        system = issuer.system_token("clinic-1", *Scope)
        tokens = ["", system, issuer.token(Role.staff, "dcf"), "worthless"]
        async with open_door(trusting(intake_settings, issuer), access) as door:
            sent = await asyncio.to_thread(hammer, str(door.client.base_url), tokens)
    finally:
        issuer.stop()
    assert {"POST /api/v1/referrals", "GET /api/v1/referrals/{referral_id}/details"} <= sent.keys()
    assert min(sent.values()) >= min(EXAMPLES, 20)
    told = [*sent.items(), ("in all: every answer as described, none a failure of ours", sum(sent.values()))]
    sys.stdout.writelines(f"{requests:6} {operation}\n" for operation, requests in told)  # for `make fuzz`
