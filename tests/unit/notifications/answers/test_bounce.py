"""Which of our messages a bounce is about, as mail servers write them; delays, answers and other mail are none."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.answers.bounce import bounced

OURS = UUID("0a1b2c3d-1111-4222-8333-444455556666")


def report(action: str = "failed", returned: str = "message/rfc822", message_id: str = f"<{OURS}@taskforce.example>") -> bytes:
    """A report as Postfix writes it."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Message-Id: <20261125.ABCDEF@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@agency.example
Action: {action}
Status: 5.1.1

--b
Content-Type: {returned}

From: Taskforce referral desk <notices@taskforce.example>
To: gone@agency.example
Message-ID: {message_id}
Subject: [High] A referral waits for your answer (0a1b2c3d)

--b--
""".encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("action", ["failed", "Failed"])
def test_a_report_of_failure_names_our_message(returned: str, action: str) -> None:
    assert bounced(report(action, returned)) == OURS


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_anything_else_is_none(action: str) -> None:
    assert bounced(report(action)) is None


def test_a_report_on_a_message_of_somebody_else_is_none() -> None:
    assert bounced(report(message_id="<CAF1234@mail.example>")) is None


def test_an_answer_of_a_person_or_of_their_absence_is_none() -> None:
    answer = f"Subject: Out of office\nIn-Reply-To: <{OURS}@taskforce.example>\nContent-Type: text/plain\n\nI am away."
    assert bounced(answer.encode()) is None


@given(st.binary(max_size=500), st.integers(0, 900))
def test_nothing_that_comes_breaks_it(noise: bytes, at: int) -> None:
    mail = report()
    assert bounced(noise) is None
    assert bounced(mail[:at] + noise + mail[at:]) in (OURS, None)
