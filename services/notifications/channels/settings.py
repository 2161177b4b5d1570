"""Settings of the channels: the mail server, the provider of text messages, agencies' own systems, chat rooms, calendars."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notifications.directory.reach import Address, DisplayName
from services.notifications.outside.public_address import Network, networks
from shared.settings import read_secret


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
    callback_url: str = Field(
        "", pattern="^(https?://|$)", description="where /from-provider is reached from outside; empty: no receipts, no replies"
    )
    per_second: float = Field(1.0, gt=0, description="messages a second at most; ordinary numbers are held to 1")
    send_seconds: float = Field(10.0, gt=0, description="seconds one message may take, connecting included")
    give_up_hours: float = Field(24.0, gt=0, description="hours after which a notice that it never took counts as failed")

    @property
    def token(self) -> SecretStr:
        """The account's token, read when it is needed."""
        return read_secret(self.token_file) if self.token_file else SecretStr("")


class OutsideSettings(BaseSettings):
    """What is called at an address that somebody else gave us: on the internet, unless a network of ours is named."""

    allow_networks: str = Field("", description="networks of ours that may be called too, as in 10.1.0.0/16")

    @property
    def allowed(self) -> tuple[Network, ...]:
        """The networks that may be called though they are not the internet. ValueError where one is none."""
        return networks(self.allow_networks)


class WebhookSettings(OutsideSettings):
    """How agencies' own systems are called (webhooks.yaml). Without a folder of secrets: not at all."""

    model_config = SettingsConfigDict(env_prefix="WEBHOOK_", hide_input_in_errors=True)

    secrets_dir: Path | None = Field(None, description="folder with a file of secrets for each address; none: no calls")
    ca_file: Path | None = Field(None, description="certificate authority of their certificates, where it is not a public one")
    per_second: float = Field(50.0, gt=0, description="messages a second at most")
    send_seconds: float = Field(15.0, gt=0, description="seconds one message may take, connecting included")
    give_up_hours: float = Field(72.0, gt=0, description="hours after which a message that nobody took is set aside")

    @property
    def folder(self) -> Path:
        """The folder of secrets. ValueError where there is none."""
        if self.secrets_dir is None:
            raise ValueError("WEBHOOK_SECRETS_DIR is not set")
        return self.secrets_dir


class ChatSettings(OutsideSettings):
    """How rooms of chat services are told (chats.yaml). Without a folder of addresses: not at all."""

    model_config = SettingsConfigDict(env_prefix="CHAT_", hide_input_in_errors=True)

    addresses_dir: Path | None = Field(None, description="folder with a file for each room's address; none: no chat")
    ca_file: Path | None = Field(None, description="certificate authority of a chat server of ours")
    per_second: float = Field(1.0, gt=0, description="messages a second at most; most services hold a room to 1")
    send_seconds: float = Field(15.0, gt=0, description="seconds one message may take, connecting included")
    give_up_hours: float = Field(24.0, gt=0, description="hours after which a notice that it never took counts as failed")

    @property
    def folder(self) -> Path:
        """The folder of addresses. ValueError where there is none."""
        if self.addresses_dir is None:
            raise ValueError("CHAT_ADDRESSES_DIR is not set")
        return self.addresses_dir


class CalendarSettings(OutsideSettings):
    """How calendars are read that on-call.yaml names by an address."""

    model_config = SettingsConfigDict(env_prefix="CALENDAR_", hide_input_in_errors=True)

    addresses_dir: Path | None = Field(None, description="folder with a file for each address that on-call.yaml calls secret")
    ca_file: Path | None = Field(None, description="certificate authority of a calendar server of ours")
    every_seconds: float = Field(300.0, gt=0, description="seconds between looks for changes")
    read_seconds: float = Field(20.0, gt=0, description="seconds one calendar may take, connecting included")


def _is_this_host(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
