"""The text message of a notice, and how many segments it costs. Pure."""

from dataclasses import replace
from math import ceil

from services.notifications.channels.channel import Letter
from services.notifications.texts.links import Links, asks
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import words

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters of GSM 03.38, and those of its extension, which count twice."""


class TextWriter:
    """Writes text messages: one line, no names, no details; see `Words`. `replies`: somebody reads what is answered."""

    def __init__(self, texts: Texts, links: Links, *, replies: bool = False) -> None:
        self._replies = replies
        self._texts = texts
        self._links = links

    def write(self, letter: Letter) -> str:
        """The whole message."""
        language = self._texts.language(letter.reach.language)
        said = words(letter.message, self._links, language, letter.reach.zone)
        reply = said.reference if self._replies and asks(letter.message) else ""
        return self._texts.write("sms.txt", language, replace(said, reply=reply)).strip()


def segments(text: str) -> int:
    """How many segments the provider counts: 160 characters of GSM 03.38, or 70 of any other; less where there are several."""
    if all(letter in _GSM or letter in _EXTENDED for letter in text):
        length = len(text) + sum(letter in _EXTENDED for letter in text)
        return 1 if length <= 160 else ceil(length / 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else ceil(length / 67)
