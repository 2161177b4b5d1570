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

from services.notifications.attempt import Claimed, Failed, Later, Trouble, Undelivered
from services.notifications.channels.email import trouble_of
from services.notifications.sender import verdict
from services.notifications.settings import NotificationsSettings
from shared.clock import now
from tests.unit.notifications.test_message import NOTICE

SETTINGS = NotificationsSettings()
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
    outcome = verdict(CLAIMED, Undelivered(trouble), NOW, SETTINGS)
    assert isinstance(outcome, Later)
    assert timedelta(seconds=0.5) <= outcome.due - NOW <= timedelta(seconds=1)


def test_a_refusal_is_final() -> None:
    assert verdict(CLAIMED, Undelivered(Trouble.refused), NOW, SETTINGS) == Failed(CLAIMED, NOW, Trouble.refused)


def test_an_attempt_is_not_given_up_within_a_day_and_waits_at_most_five_minutes() -> None:
    late = replace(CLAIMED, attempt=400, since=NOW - timedelta(hours=24))
    outcome = verdict(late, Undelivered(Trouble.deferred), NOW, SETTINGS)
    assert isinstance(outcome, Later)
    assert outcome.due - NOW <= timedelta(minutes=5)


def test_during_an_outage_waits_stay_short_so_that_all_goes_out_soon_after_it() -> None:
    outcome = verdict(replace(CLAIMED, attempt=400), Undelivered(Trouble.unreachable), NOW, SETTINGS)
    assert isinstance(outcome, Later)
    assert outcome.due - NOW <= timedelta(seconds=15)


def test_what_nobody_took_for_two_days_has_failed() -> None:
    old = replace(CLAIMED, since=NOW - timedelta(hours=49))
    assert isinstance(verdict(old, Undelivered(Trouble.unreachable), NOW, SETTINGS), Failed)


@pytest.mark.parametrize(("before", "now_unsure"), [(True, False), (False, True), (True, True)])
def test_once_a_message_may_have_gone_out_every_later_attempt_may_be_a_repeat(before: bool, now_unsure: bool) -> None:
    outcome = verdict(replace(CLAIMED, unsure=before), Undelivered(Trouble.timeout, unsure=now_unsure), NOW, SETTINGS)
    assert isinstance(outcome, Later)
    assert outcome.unsure
