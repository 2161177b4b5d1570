"""A message that tells of several notices: it counts them truly, names each, and says nothing else."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.channel import Letter
from services.notifications.channels.text_message import TextWriter, segments
from services.notifications.channels.webhook_message import payload
from services.notifications.notices.attempt import Claimed, Dropped, Sent
from services.notifications.notices.bundle import Bundle
from services.notifications.notices.ending import endings
from services.notifications.notices.notice import Form, Notice, NoticeKind
from services.notifications.texts.words import WordsForMany, local_time, words
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.vocabulary import NotificationChannel, Urgency
from tests.unit.notifications.texts.test_message import (
    DESK,
    LINKS,
    NOTICE,
    RECIPIENT,
    SENT,
    TEXTS,
    WRITER,
    _tokens,
    _words_of_the_texts,
    parts,
)

BUNDLE_ID = UUID("2b3c4d5e-0000-4000-8000-000000000000")


def notice(number: int, kind: NoticeKind = NoticeKind.offered, answer_by: datetime | None = None) -> Notice:
    return replace(
        NOTICE, id=uuid5(BUNDLE_ID, f"n{number}"), referral=uuid5(BUNDLE_ID, str(number)), kind=kind, answer_by=answer_by
    )


def bundle(*notices: Notice, form: Form = Form.storm, dropped: tuple[Notice, ...] = ()) -> Bundle:
    mail = NotificationChannel.email
    return Bundle(BUNDLE_ID, form, NOTICE.seat, Urgency.high, mail, None, notices, dropped)


def written(told: Bundle, language: str = "en") -> EmailMessage:
    recipient = RECIPIENT.model_copy(update={"language": language})
    return message_from_bytes(WRITER.write(told, recipient, SENT), policy=default)


def test_the_subject_counts_what_is_told_and_is_safe_on_a_locked_screen() -> None:
    message = written(bundle(*(notice(n) for n in range(197))))
    assert message["Subject"] == "[High] 197 notices about referrals at once (2b3c4d5e)"
    assert message["Message-ID"] == f"<{BUNDLE_ID}@taskforce.example>"


def test_every_referral_is_named_with_what_it_waits_for_and_the_most_pressing_comes_first() -> None:
    hour = timedelta(hours=1)
    told = bundle(notice(1, NoticeKind.expired), notice(2, answer_by=SENT + 3 * hour), notice(3, answer_by=SENT + hour))
    text = parts(written(told))["text/plain"].replace("\r\n", "\n")
    found = re.findall(r"^([0-9a-f]{8})  (.*)$", text, re.MULTILINE)
    references = [str(notice(n).referral)[:8] for n in (3, 2, 1)]
    assert found == [
        (references[0], "waits for an answer. Answer by 4:00 PM EST on Tuesday, November 24"),
        (references[1], "waits for an answer. Answer by 6:00 PM EST on Tuesday, November 24"),
        (references[2], "was not answered in time"),
    ]
    assert "Waits for an answer: 2\nWas not answered in time: 1\n" in text


def test_a_bundle_of_one_reads_like_the_notice_and_keeps_its_own_message_id() -> None:
    message = written(bundle(NOTICE))
    assert message["Subject"] == "[Critical] A referral waits for your answer (0a1b2c3d)"
    assert message["Message-ID"] == f"<{BUNDLE_ID}@taskforce.example>"


def test_one_link_says_that_all_of_them_have_been_seen() -> None:
    link = LINKS.acknowledge(bundle(notice(1), notice(2)))
    assert LINKS.message_of(link.rpartition("/")[2]) == BUNDLE_ID
    assert link in parts(written(bundle(notice(1), notice(2))))["text/html"]


def test_a_digest_asks_for_nothing() -> None:
    digest = bundle(notice(1, NoticeKind.revoked), notice(2, NoticeKind.declined), form=Form.digest)
    assert LINKS.acknowledge(digest) == ""
    assert "acknowledge" not in "".join(parts(written(digest)).values())


@given(st.lists(st.sampled_from(NoticeKind), min_size=2, max_size=40))
def test_the_counts_are_true(kinds: list[NoticeKind]) -> None:
    said = words(bundle(*(notice(n, kind) for n, kind in enumerate(kinds))), LINKS)
    assert isinstance(said, WordsForMany)
    assert said.count == len(said.each) == sum(number for _, number in said.kinds) == len(kinds)
    assert dict(said.kinds) == Counter(kind.value for kind in kinds)
    assert {one.reference for one in said.each} == {str(notice(n).referral)[:8] for n in range(len(kinds))}


@pytest.mark.parametrize(("form", "kind", "language"), list(product(Form, NoticeKind, ["en", "es"])))
def test_every_word_of_it_is_a_word_of_the_texts_or_an_allowed_value(form: Form, kind: NoticeKind, language: str) -> None:
    told = bundle(notice(1, kind, SENT), notice(2, kind, SENT), form=form)
    message = written(told, language)
    allowed = _words_of_the_texts() | _tokens(local_time(SENT, language)) | _tokens(LINKS.acknowledge(told))
    allowed |= _tokens(DESK) | {language, "2", "2b3c4d5e"}
    for one in told.notices:
        allowed |= _tokens(str(one.referral))
    said = _tokens(" ".join([message["Subject"], *parts(message).values()]))
    assert {word[0].lower() + word[1:] for word in said - allowed} <= allowed  # a row begins with a capital


@pytest.mark.parametrize(("form", "language"), list(product(Form, ["en", "es"])))
def test_a_text_message_about_many_costs_two_segments_at_most(form: Form, language: str) -> None:
    reach = RECIPIENT.model_copy(update={"language": language})
    letter = Letter(bundle(*(notice(n) for n in range(200)), form=form), reach, "+18605550100", SENT)
    text = TextWriter(TEXTS, LINKS, replies=True).write(letter)
    assert "200" in text
    assert text.endswith("OK 2b3c4d5e.")
    assert segments(text) <= 2


def test_a_system_that_is_told_of_several_gets_the_facts_of_each() -> None:
    told = bundle(notice(1), notice(2, NoticeKind.expired))
    body = json.loads(payload(Letter(told, RECIPIENT, "dcf-records", datetime.now(UTC)), LINKS))
    assert body["type"] == "notices.together"
    assert body["data"].keys() == {"bundle", "acknowledge", "notices"}
    assert [one["type"] for one in body["data"]["notices"]] == ["notice.offered", "notice.expired"]
    assert [one["referral"] for one in body["data"]["notices"]] == [str(notice(n).referral) for n in (1, 2)]


def test_each_notice_ends_by_an_event_of_its_own_that_names_the_message() -> None:
    told = bundle(notice(1), notice(2), dropped=(notice(3),))
    claimed = Claimed(told, attempt=2, unsure=False, since=SENT, until=SENT, version=3)
    events = list(endings(Sent(claimed, SENT + timedelta(seconds=30))))
    assert [event.data.notice for event in events] == [notice(n).id for n in (1, 2, 3)]
    assert [type(event) for event in events] == [NotificationDelivered, NotificationDelivered, NotificationFailed]
    assert {event.data.message for event in events if isinstance(event, NotificationDelivered)} == {BUNDLE_ID}
    assert {event.data.reason for event in events if isinstance(event, NotificationFailed)} == {"suppressed"}


def test_a_bundle_in_which_nothing_is_left_to_tell_ends_as_dropped_for_each() -> None:
    told = bundle(dropped=(notice(1), notice(2)))
    events = list(endings(Dropped(Claimed(told, 1, unsure=False, since=SENT, until=SENT, version=3), SENT)))
    assert [(event.data.notice, event.type) for event in events] == [
        (notice(n).id, "org.rhtrt.notification.failed.v1") for n in (1, 2)
    ]
