"""Bodies that are refused, over a real connection; the service goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.intake.door import PATH, Door

JSON = {"content-type": "application/json"}
CHUNK = b" " * 64 * 1024
TEN_MB = 10 * 1024 * 1024


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(TEN_MB // len(CHUNK)):
        yield CHUNK


@pytest.mark.parametrize("declared", [True, False], ids=["with content-length", "chunked"])
async def test_ten_megabytes_are_refused(door: Door, declared: bool) -> None:
    headers = JSON | ({"content-length": str(TEN_MB)} if declared else {})
    answer = await door.client.post(PATH, content=chunks(), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Send at most 262144 bytes.")
    assert (await door.post()).status_code == 202


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"<referral/>", "application/xml", 415),
        (b'{"facts": {"reporter": "self"}', "application/json", 400),
        (b'{"facts": {"reporter": "nobody"}}', "application/json", 422),
        (b'{"facts": {"reporter": "self"}}', "application/json; charset=utf-8", 202),
    ],
)
async def test_only_a_fitting_json_body_makes_a_referral(door: Door, content: bytes, media_type: str, status: int) -> None:
    answer = await door.client.post(PATH, content=content, headers={"content-type": media_type})
    assert answer.status_code == status
    assert await door.count("referrals") == (1 if status == 202 else 0)
