"""A client that tries again gets the same answer, and there is one referral."""

from __future__ import annotations

import asyncio
import uuid

from tests.integration.intake.door import Door, referral


async def test_the_same_key_and_body_get_the_same_answer_and_one_referral(door: Door) -> None:
    key = str(uuid.uuid4())
    first, second = await door.post(key=key), await door.post(key=key)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert first.status_code == 202
    assert (await door.count("referrals"), await door.count("details")) == (1, 1)


async def test_twenty_equal_posts_at_once_make_one_referral_and_one_event(door: Door) -> None:
    key = str(uuid.uuid4())
    answers = await asyncio.gather(*[door.post(key=key) for _ in range(20)])
    assert [answer.status_code for answer in answers] == [202] * 20
    assert len({answer.text for answer in answers}) == 1
    assert (await door.count("referrals"), await door.count("details")) == (1, 1)
    other = await door.post()
    events = await door.events_of(answers[0], other)
    assert len({event.id for event in events}) == 2


async def test_the_same_key_with_another_body_is_refused_and_changes_nothing(door: Door) -> None:
    key = str(uuid.uuid4())
    first = await door.post(key=key)
    second = await door.post(referral(gender="male"), key=key)
    assert second.status_code == 422
    assert second.json()["type"] == "urn:rhtrt:problem:key-reused"
    assert (await door.count("referrals"), await door.count("details")) == (1, 1)
    assert (await door.post(key=key)).text == first.text


async def test_without_a_key_each_post_is_a_referral_of_its_own(door: Door) -> None:
    answers = [await door.post(), await door.post()]
    assert len({answer.json()["referral_id"] for answer in answers}) == 2
    assert len({answer.json()["receipt_code"] for answer in answers}) == 2
