"""What the provider of text messages posts to us: receipts and replies, signed with our account's token. Pure."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from hmac import compare_digest, digest

_STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", "parar", "alto"})
_START = frozenset({"start", "unstop", "yes", "si", "sí"})
_SEEN = re.compile(r"(?:ok|seen|visto)\W+([0-9a-f]{8})", re.IGNORECASE)
_LOST = frozenset({"undelivered", "failed"})


class Wish(StrEnum):
    """What somebody answers to a text message. A closed set: it is a metric label."""

    stop = "stop"
    """No more text messages to this number. The words are those that carriers ask for (CTIA)."""
    start = "start"
    seen = "seen"
    unclear = "unclear"


@dataclass(frozen=True, slots=True)
class Reply:
    """`reference`: the eight digits of the referral that somebody has seen; empty with any other wish."""

    wish: Wish
    reference: str = ""


def read_reply(body: str) -> Reply:
    """What somebody wants. Nothing else of what they wrote is kept."""
    said = body.strip()
    if found := _SEEN.match(said):
        return Reply(Wish.seen, found[1].lower())
    word = said.lower().strip(".! ")
    return Reply(Wish.stop if word in _STOP else Wish.start if word in _START else Wish.unclear)


def is_lost(status: str) -> bool:
    """Whether a receipt says that the message did not reach the phone."""
    return status in _LOST


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """As Twilio's documentation says ("Validating requests"): HMAC-SHA1 over the address and the sorted form."""
    said = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(digest(token.encode(), said.encode(), sha1)).decode()


def is_signed(token: str, url: str, form: Mapping[str, str], claimed: str) -> bool:
    """Whether the provider sent it, and to this address."""
    return compare_digest(signature(token, url, form).encode(), claimed.encode())
