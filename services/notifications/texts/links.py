"""The addresses that stand in a message: of the staff page, and of the button by which one says that one has seen it."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from services.notifications.notices.bundle import Message, told
from services.notifications.notices.notice import Notice, NoticeKind

_PURPOSE = "acknowledge a notice"
ASKS = frozenset({NoticeKind.offered, NoticeKind.reminded, NoticeKind.escalated, NoticeKind.test})


def asks(message: Message) -> bool:
    """Whether a message tells of anything that somebody should say they have seen."""
    return any(notice.kind in ASKS for notice in told(message))


class Links:
    """`desk_url`: with {referral} in it. `acknowledge_url`: where `/acknowledge` of this service is reached from outside; with
    `key` its links are signed. Empty: no such link.
    """

    def __init__(self, desk_url: str = "", acknowledge_url: str = "", key: str = "") -> None:
        self._desk_url = desk_url
        self._acknowledge_url = acknowledge_url.rstrip("/") if key else ""
        self._signed = URLSafeSerializer(key or "no links", salt=_PURPOSE)

    def desk(self, notice: Notice) -> str:
        """The referral on the staff page."""
        return self._desk_url.replace("{referral}", str(notice.referral))

    def acknowledge(self, message: Message) -> str:
        """The page with the button, for this message alone; empty where there is nothing to answer."""
        if not self._acknowledge_url or not asks(message):
            return ""
        return f"{self._acknowledge_url}/{self.token(message.id)}"

    def token(self, message: UUID) -> str:
        """What proves that somebody was sent this notice or bundle. Good for nothing else; the same at every attempt."""
        return str(self._signed.dumps(message.hex))

    def message_of(self, token: str) -> UUID | None:
        """The notice or bundle a token was made for; None where it is none of ours."""
        try:
            return UUID(self._signed.loads(token))
        except (BadSignature, ValueError):
            return None
