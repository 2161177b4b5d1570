"""Settings of notifications: what is in messages, and how patiently they are sent."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, model_validator

from services.notifications.channels.settings import CalendarSettings, ChatSettings, SmsSettings, SmtpSettings, WebhookSettings
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from shared.settings import ServiceSettings, read_secret
from shared.vocabulary import NotificationChannel


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
    group_storms: bool = Field(
        True, description="as notices.yaml says under storms; false: each notice is a message of its own, for measuring"
    )
    bounces_maildir: Path | None = Field(
        None, description="Maildir of the sender's mailbox, in which mails that bounce arrive; none: bounces are not seen"
    )
    bounces_every_seconds: float = Field(15.0, gt=0, description="seconds between looks into it")
    drill_everybody: bool = Field(True, description="a drill tries all people of staff.yaml, and not only who is on call")
    poll_seconds: float = Field(0.5, gt=0, description="seconds between looks for notices that became due")
    lease_seconds: float = Field(60.0, gt=0, description="seconds after which another attempt may be made at a claimed notice")
    first_wait_seconds: float = Field(1.0, gt=0, description="seconds until the second attempt; doubles from there")
    longest_wait_seconds: float = Field(
        300.0, gt=0, description="most seconds between attempts when the server asks us to wait"
    )
    outage_wait_seconds: float = Field(15.0, gt=0, description="most seconds between attempts while the server is out of reach")
    audit_after_seconds: float = Field(120.0, gt=0, description="seconds after an event by which somebody must have been told")
    audit_every_seconds: float = Field(15.0, gt=0, description="seconds between the auditor's rounds")
    unready_after: int = Field(5, ge=1, description="rounds without reaching the mail server until this service says so")
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    sms: SmsSettings = Field(default_factory=SmsSettings)
    webhook: WebhookSettings = Field(default_factory=WebhookSettings)
    chat: ChatSettings = Field(default_factory=ChatSettings)
    calendar: CalendarSettings = Field(default_factory=CalendarSettings)

    @model_validator(mode="after")
    def _lease_outlives_sending(self) -> "NotificationsSettings":
        taking = [self.smtp.send_seconds]
        taking += [self.sms.send_seconds] if self.sms.account else []
        taking += [self.webhook.send_seconds] if self.webhook.secrets_dir else []
        taking += [self.chat.send_seconds] if self.chat.addresses_dir else []
        if self.lease_seconds < 2 * max(taking):
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
        found = {NotificationChannel.email}
        if self.sms.account:
            found.add(NotificationChannel.sms)
        if self.webhook.secrets_dir:
            found.add(NotificationChannel.webhook)
        if self.chat.addresses_dir:
            found.add(NotificationChannel.chat)
        return frozenset(found)

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.lease_seconds)
