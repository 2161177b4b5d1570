"""The addresses that stand in a message: of the staff page, and of the button by which one says that one has seen it."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from services.notifications.notice import Notice, NoticeKind

_PURPOSE = "acknowledge a notice"
ASKS = frozenset({NoticeKind.offered, NoticeKind.reminded, NoticeKind.escalated, NoticeKind.test})


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

    def acknowledge(self, notice: Notice) -> str:
        """The page with the button, for this notice alone; empty where there is nothing to answer."""
        if not self._acknowledge_url or notice.kind not in ASKS:
            return ""
        return f"{self._acknowledge_url}/{self.token(notice.id)}"

    def token(self, notice: UUID) -> str:
        """What proves that somebody was sent this notice. Good for nothing else; the same at every attempt."""
        return str(self._signed.dumps(notice.hex))

    def notice_of(self, token: str) -> UUID | None:
        """The notice a token was made for; None where it is none of ours."""
        try:
            return UUID(self._signed.loads(token))
        except (BadSignature, ValueError):
            return None
