"""How somebody is reached: addresses, the order in which they are tried, language, zone, quiet hours, digest."""

from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from services.notifications.directory.digest import DigestWish
from services.notifications.directory.quiet import Quiet
from shared.events.facts import Frozen
from shared.hours import ZONE
from shared.vocabulary import NotificationChannel

Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
"""A mailbox. Plain ASCII, as it stands in an SMTP command."""
DisplayName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ,.'&()/-]{0,59}$")]
"""Short plain ASCII, so that it fits into one line of a mail's header."""
EndpointId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""The name of an address in webhooks.yaml or chats.yaml."""
Way = Literal[NotificationChannel.email, NotificationChannel.sms, NotificationChannel.webhook, NotificationChannel.chat]


def _phone(written: str) -> str:
    """As the provider wants it (E.164). The error does not repeat the number."""
    try:
        number = phonenumbers.parse(written, "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError('write a whole phone number, in quotes, for example: "+1 860 555 0100"')
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Phone = Annotated[str, AfterValidator(_phone)]


def _zone(written: Any) -> Any:
    try:
        return ZoneInfo(written) if isinstance(written, str) else written
    except (KeyError, ValueError, OSError):
        raise ValueError("write the zone as the tz database does, for example: America/Chicago") from None


Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]


class Reach(Frozen):
    """`address` is a mailbox, `phone` takes text messages, `webhook` names an address of webhooks.yaml,
    `chat` a room of chats.yaml.

    `prefers`: which of them is tried first, next, and so on; without it in the order email, sms, webhook, chat. `zone`: whose
    hours `quiet`, `digest` and the times in messages are. `digest`: when they want to be told of what can wait; None: at once.
    """

    name: DisplayName
    address: Address | None = None
    phone: Phone | None = None
    webhook: EndpointId | None = None
    chat: EndpointId | None = None
    prefers: tuple[Way, ...] = ()
    language: Literal["en", "es"] = "en"
    zone: Zone = ZONE
    quiet: Quiet | None = None
    digest: DigestWish | None = None

    @property
    def ways(self) -> tuple[NotificationChannel, ...]:
        """The channels by which they can be reached, the preferred first; none is left out."""
        have = [way for way in _ALL if self.target(way)]
        return (*self.prefers, *(way for way in have if way not in self.prefers))

    def target(self, way: NotificationChannel) -> str | None:
        """Where a message by this channel goes."""
        return {
            NotificationChannel.email: self.address,
            NotificationChannel.sms: self.phone,
            NotificationChannel.webhook: self.webhook,
            NotificationChannel.chat: self.chat,
        }.get(way)

    @model_validator(mode="after")
    def _prefers_what_it_has(self) -> Self:
        if missing := [way.value for way in self.prefers if not self.target(way)]:
            raise ValueError(f"prefers {missing[0]}, and has no such address")
        return self


_ALL = get_args(Way)
