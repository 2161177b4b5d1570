"""What a mail server's answer means for a notice."""

import ssl
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPConnectTimeoutError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPReadTimeoutError,
    SMTPRecipientRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from services.notifications.channels import sms
from services.notifications.channels.email import trouble_of
from services.notifications.notices.attempt import Claimed, Failed, Later, Moved, Trouble, Undelivered
from services.notifications.notices.bundle import Bundle
from services.notifications.notices.notice import Form
from services.notifications.notices.verdict import Patience, verdict
from shared.clock import now
from shared.vocabulary import NotificationChannel
from tests.unit.notifications.texts.test_message import NOTICE

PATIENCE = Patience(first=1, longest=300, outage=15, give_up_hours=48)
MAIL, PHONE, HOOK = NotificationChannel.email, NotificationChannel.sms, NotificationChannel.webhook
ONLY_MAIL = (MAIL,)
NOW = now()
CLAIMED = Claimed(NOTICE, attempt=1, unsure=False, since=NOW, until=NOW + timedelta(minutes=1), version=2)


def caused_by_tls(error: Exception) -> Exception:
    error.__cause__ = ssl.SSLCertVerificationError("bad certificate")
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (SMTPRecipientRefused(550, "no such user", "x"), Trouble.refused),
        (SMTPRecipientRefused(450, "greylisted", "x"), Trouble.deferred),
        (SMTPDataError(554, "no"), Trouble.refused),
        (SMTPDataError(451, "later"), Trouble.deferred),
        (SMTPSenderRefused(421, "closing", "x"), Trouble.deferred),
        (SMTPConnectResponseError(421, "busy"), Trouble.deferred),
        (SMTPSenderRefused(550, "who are you", "x"), Trouble.not_admitted),
        (SMTPAuthenticationError(535, "wrong"), Trouble.not_admitted),
        (SMTPHeloError(554, "go away"), Trouble.not_admitted),
        (SMTPConnectResponseError(554, "go away"), Trouble.not_admitted),
        (SMTPNotSupported("no STARTTLS"), Trouble.not_admitted),
        (ssl.SSLCertVerificationError("bad certificate"), Trouble.not_admitted),
        (caused_by_tls(SMTPConnectError("bad certificate")), Trouble.not_admitted),
        (SMTPServerDisconnected("gone"), Trouble.unreachable),
        (SMTPConnectError("refused"), Trouble.unreachable),
        (ConnectionRefusedError(), Trouble.unreachable),
        (SMTPConnectTimeoutError("slow"), Trouble.timeout),
        (SMTPReadTimeoutError("slow"), Trouble.timeout),
        (TimeoutError(), Trouble.timeout),
    ],
)
def test_only_an_answer_about_the_message_can_refuse_it(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.refused])
def test_whatever_may_pass_is_tried_again(trouble: Trouble) -> None:
    outcome = verdict(CLAIMED, Undelivered(trouble), NOW, ONLY_MAIL, PATIENCE)
    assert isinstance(outcome, Later)
    assert timedelta(seconds=0.5) <= outcome.due - NOW <= timedelta(seconds=1)


def test_a_refusal_is_final() -> None:
    assert verdict(CLAIMED, Undelivered(Trouble.refused), NOW, ONLY_MAIL, PATIENCE) == Failed(CLAIMED, NOW, Trouble.refused)


def test_an_attempt_is_not_given_up_within_a_day_and_waits_at_most_five_minutes() -> None:
    late = replace(CLAIMED, attempt=400, since=NOW - timedelta(hours=24))
    outcome = verdict(late, Undelivered(Trouble.deferred), NOW, ONLY_MAIL, PATIENCE)
    assert isinstance(outcome, Later)
    assert outcome.due - NOW <= timedelta(minutes=5)


def test_during_an_outage_waits_stay_short_so_that_all_goes_out_soon_after_it() -> None:
    outcome = verdict(replace(CLAIMED, attempt=400), Undelivered(Trouble.unreachable), NOW, ONLY_MAIL, PATIENCE)
    assert isinstance(outcome, Later)
    assert outcome.due - NOW <= timedelta(seconds=15)


def test_what_nobody_took_for_two_days_has_failed() -> None:
    old = replace(CLAIMED, since=NOW - timedelta(hours=49))
    assert isinstance(verdict(old, Undelivered(Trouble.unreachable), NOW, ONLY_MAIL, PATIENCE), Failed)


@pytest.mark.parametrize(("before", "now_unsure"), [(True, False), (False, True), (True, True)])
def test_once_a_message_may_have_gone_out_every_later_attempt_may_be_a_repeat(before: bool, now_unsure: bool) -> None:
    outcome = verdict(
        replace(CLAIMED, unsure=before), Undelivered(Trouble.timeout, unsure=now_unsure), NOW, ONLY_MAIL, PATIENCE
    )
    assert isinstance(outcome, Later)
    assert outcome.unsure


ALL = (MAIL, PHONE, HOOK)
PATIENT = replace(NOTICE, fall_over=NOW + timedelta(seconds=15))


def moved(claimed: Claimed, trouble: Trouble, after: int = 0) -> Moved | None:
    outcome = verdict(claimed, Undelivered(trouble), NOW + timedelta(seconds=after), ALL, PATIENCE)
    return outcome if isinstance(outcome, Moved) else None


def test_a_channel_that_refuses_for_good_is_left_at_once_for_the_next() -> None:
    outcome = moved(replace(CLAIMED, message=PATIENT), Trouble.refused)
    assert outcome
    assert (outcome.to, outcome.due) == (PHONE, NOW)


def test_a_channel_that_is_away_is_left_once_it_was_tried_long_enough() -> None:
    claimed = replace(CLAIMED, message=PATIENT)
    assert moved(claimed, Trouble.unreachable, after=14) is None
    outcome = moved(claimed, Trouble.unreachable, after=15)
    assert outcome
    assert outcome.to is PHONE


def test_after_the_last_channel_comes_the_first_and_a_channel_that_refused_is_never_tried_again() -> None:
    last = replace(CLAIMED, message=replace(PATIENT, channel=HOOK), refused=frozenset({MAIL}))
    outcome = moved(last, Trouble.timeout, after=20)
    assert outcome
    assert outcome.to is PHONE


def test_once_all_channels_were_tried_there_is_a_pause_between_attempts() -> None:
    outcome = moved(replace(CLAIMED, message=PATIENT, attempt=3), Trouble.unreachable, after=20)
    assert outcome
    assert outcome.due > NOW + timedelta(seconds=20)


def test_what_every_channel_has_refused_has_failed() -> None:
    last = replace(CLAIMED, message=replace(PATIENT, channel=HOOK), refused=frozenset({MAIL, PHONE}))
    assert isinstance(verdict(last, Undelivered(Trouble.refused), NOW, ALL, PATIENCE), Failed)


@pytest.mark.parametrize(
    ("status", "trouble"), [(201, None), (401, "not_admitted"), (400, "refused"), (429, "deferred"), (503, "deferred")]
)
def test_what_a_provider_of_text_messages_answers(status: int, trouble: str | None) -> None:
    assert sms.trouble_of(status) == trouble


def test_a_digest_falls_over_to_another_channel_as_a_single_notice_does() -> None:
    digest = Bundle(NOTICE.id, Form.digest, NOTICE.seat, NOTICE.urgency, MAIL, PATIENT.fall_over, (NOTICE, NOTICE))
    outcomes = [moved(replace(CLAIMED, message=message), Trouble.unreachable, after=15) for message in (digest, PATIENT)]
    assert [outcome.to for outcome in outcomes if outcome] == [PHONE, PHONE]
