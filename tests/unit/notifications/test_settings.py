"""Settings: safe without being told, and refused where they cannot work."""

import pytest
from pydantic import ValidationError

from services.notifications.channels.settings import SmtpSettings
from services.notifications.settings import NotificationsSettings


@pytest.mark.parametrize(
    ("host", "encryption"),
    [("127.0.0.1", "none"), ("::1", "none"), ("localhost", "none"), ("10.0.0.5", "starttls"), ("mail.example", "starttls")],
)
def test_mail_leaves_this_host_only_encrypted_unless_told_otherwise(host: str, encryption: str) -> None:
    assert SmtpSettings(host=host).encryption == encryption


def test_a_choice_that_was_made_holds() -> None:
    assert SmtpSettings(host="mailpit", security="none").encryption == "none"
    assert SmtpSettings(host="127.0.0.1", security="tls").encryption == "tls"


def test_a_lease_shorter_than_two_sends_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(ValidationError, match=r"LEASE_SECONDS: make it at least twice each SEND_SECONDS"):
        NotificationsSettings(lease_seconds=20, smtp=SmtpSettings(send_seconds=15))


def test_the_mail_servers_settings_are_listed_with_the_others() -> None:
    lines = "\n".join(NotificationsSettings().describe())
    for name in ("SMTP_HOST", "SMTP_PASSWORD_FILE", "LEASE_SECONDS", "KAFKA_BOOTSTRAP_SERVERS", "MONGO_URL"):
        assert name in lines


def test_giving_up_within_a_day_is_refused() -> None:
    with pytest.raises(ValidationError, match="give_up_hours"):
        SmtpSettings(give_up_hours=2)


def test_links_that_anybody_could_make_are_refused() -> None:
    with pytest.raises(ValidationError, match="ACKNOWLEDGE_KEY_FILE"):
        NotificationsSettings(acknowledge_url="https://notices.example/acknowledge")
