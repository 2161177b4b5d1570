"""Settings of notifications: the mail server, and how patiently it is tried."""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notifications.links import Links
from services.notifications.reach import Address, DisplayName
from services.notifications.texts import Texts
from shared.settings import ServiceSettings, read_secret
from shared.vocabulary import NotificationChannel


class SmtpSettings(BaseSettings):
    """The mail server that takes our messages."""

    model_config = SettingsConfigDict(env_prefix="SMTP_", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="the mail server")
    port: int = Field(25, description="its port")
    security: Literal["auto", "none", "starttls", "tls"] = Field(
        "auto", description="none, starttls or tls; auto: none on this host, starttls elsewhere"
    )
    username: str | None = Field(None, description="name to sign in with; none: no sign-in")
    password_file: Path | None = Field(None, description="file with its password")
    ca_file: Path | None = Field(None, description="certificate authority of the server's certificate")
    sender: Address = Field(
        "notices@taskforce.example", description="address the messages come from; its domain ends Message-IDs"
    )
    sender_name: DisplayName = Field("Taskforce referral desk", description="name before that address")
    per_second: float = Field(500.0, gt=0, description="messages a second at most")
    connections: int = Field(8, ge=1, description="connections kept open, each sending one message at a time")
    answer_seconds: float = Field(10.0, gt=0, description="seconds the server may take for one answer")
    send_seconds: float = Field(15.0, gt=0, description="seconds one message may take, connecting included")
    give_up_hours: float = Field(48.0, ge=24, description="hours after which a notice that nobody took counts as failed")
    idle_seconds: float = Field(30.0, gt=0, description="seconds after which an unused connection is closed")
    messages_per_connection: int = Field(100, ge=1, description="messages after which a connection is renewed")

    @property
    def password(self) -> SecretStr | None:
        """The password, read when it is needed."""
        return read_secret(self.password_file) if self.password_file else None

    @property
    def encryption(self) -> Literal["none", "starttls", "tls"]:
        """How the connection is secured, with `auto` decided."""
        if self.security != "auto":
            return self.security
        return "none" if _is_this_host(self.host) else "starttls"

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]


class SmsSettings(BaseSettings):
    """The provider that takes our text messages, by the API that Twilio made and others took over. Without an account: none."""

    model_config = SettingsConfigDict(env_prefix="SMS_", hide_input_in_errors=True)

    url: str = Field("https://api.twilio.com", pattern="^https?://", description="the provider's API")
    account: str = Field("", pattern="^[A-Za-z0-9]*$", description="our account there; none: no text messages are sent")
    token_file: Path | None = Field(None, description="file with the account's token")
    sender: str = Field("", pattern=r"^(\+[0-9]{5,15})?$", description="our number there, as in +18605550100")
    ca_file: Path | None = Field(None, description="certificate authority of the provider's certificate")
    per_second: float = Field(1.0, gt=0, description="messages a second at most; ordinary numbers are held to 1")
    send_seconds: float = Field(10.0, gt=0, description="seconds one message may take, connecting included")
    give_up_hours: float = Field(24.0, gt=0, description="hours after which a notice that it never took counts as failed")

    @property
    def token(self) -> SecretStr:
        """The account's token, read when it is needed."""
        return read_secret(self.token_file) if self.token_file else SecretStr("")


class NotificationsSettings(ServiceSettings):
    """Everything notifications is told."""

    desk_url: str = Field(
        "", pattern="^(https?://|$)", description="address of the staff page, {referral} in it is replaced; empty: no link"
    )
    clock_scale: float = Field(1.0, gt=0, description="multiplies every duration of notices.yaml; demonstrations shorten them")
    acknowledge_url: str = Field(
        "",
        pattern="^(https?://|$)",
        description="where /acknowledge is reached from outside; empty: no such link in messages",
    )
    acknowledge_key_file: Path | None = Field(None, description="file with the key that signs those links")
    languages: str = Field("en", pattern="^[a-z]{2}(,[a-z]{2})*$", description="languages whose texts a person has reviewed")
    poll_seconds: float = Field(0.5, gt=0, description="seconds between looks for notices that became due")
    lease_seconds: float = Field(60.0, gt=0, description="seconds after which another attempt may be made at a claimed notice")
    first_wait_seconds: float = Field(1.0, gt=0, description="seconds until the second attempt; doubles from there")
    longest_wait_seconds: float = Field(
        300.0, gt=0, description="most seconds between attempts when the server asks us to wait"
    )
    outage_wait_seconds: float = Field(15.0, gt=0, description="most seconds between attempts while the server is out of reach")
    unready_after: int = Field(5, ge=1, description="rounds without reaching the mail server until this service says so")
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    sms: SmsSettings = Field(default_factory=SmsSettings)

    @model_validator(mode="after")
    def _lease_outlives_sending(self) -> "NotificationsSettings":
        if self.lease_seconds < 2 * max(self.smtp.send_seconds, self.sms.send_seconds if self.sms.account else 0):
            raise ValueError(
                "LEASE_SECONDS: make it at least twice each SEND_SECONDS, or a notice could be sent by two at once"
            )
        return self

    @model_validator(mode="after")
    def _links_are_signed(self) -> "NotificationsSettings":
        if self.acknowledge_url and not self.acknowledge_key_file:
            raise ValueError("ACKNOWLEDGE_URL: set ACKNOWLEDGE_KEY_FILE too, or anybody could make such links")
        return self

    @property
    def links(self) -> Links:
        """The addresses in messages."""
        key = read_secret(self.acknowledge_key_file).get_secret_value() if self.acknowledge_key_file else ""
        return Links(self.desk_url, self.acknowledge_url, key)

    @property
    def texts(self) -> Texts:
        """The texts, in the languages that are offered."""
        return Texts(self.languages.split(","))

    @property
    def channels(self) -> frozenset[NotificationChannel]:
        """The channels that are set up. E-mail always is."""
        return frozenset({NotificationChannel.email, *([NotificationChannel.sms] if self.sms.account else [])})

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.lease_seconds)


def _is_this_host(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
