"""People's names made alike where they are spelled, short or written differently. Pure."""

import re
import unicodedata

_SHORT = {
    "abby": "abigail", "alex": "alexandra", "angie": "angela", "becky": "rebecca", "beth": "elizabeth", "betty": "elizabeth",
    "bill": "william", "bob": "robert", "cathy": "catherine", "chris": "christopher", "dan": "daniel", "dave": "david",
    "debbie": "deborah", "ed": "edward", "jen": "jennifer", "jenny": "jennifer", "jess": "jessica", "jim": "james",
    "joe": "joseph", "kate": "catherine", "katie": "catherine", "liz": "elizabeth", "lupe": "guadalupe", "maggie": "margaret",
    "mike": "michael", "nacho": "ignacio", "nick": "nicholas", "paco": "francisco", "pat": "patricia", "pepe": "jose",
    "rick": "richard", "rob": "robert", "sam": "samantha", "steve": "steven", "sue": "susan", "tina": "christina",
    "tom": "thomas", "tony": "anthony", "vicky": "victoria", "will": "william",
}  # fmt: skip
_SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("ch", "k"), ("ph", "f"), ("ck", "k"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("zh", "s"),
    ("x", "ks"), ("q", "k"), ("c", "k"), ("z", "s"), ("w", "v"), ("j", "i"), ("y", "i"),
)  # fmt: skip
"""Spellings of one sound, as transliterations and typists mix them up."""


def tokens(name: str) -> tuple[str, ...]:
    """The parts of a name without accents, in one order, short forms written out."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)).casefold()
    parts = [part for part in re.split(r"[^\w]+", plain) if part and not part.isdigit()]
    return tuple(sorted(_SHORT.get(part, part) for part in parts))


def sound(token: str) -> str:
    """A token without what spellings differ in: vowels after the first letter, doubled letters, letters for one sound."""
    for spelling, heard in _SOUNDS:
        token = token.replace(spelling, heard)
    token = re.sub(r"(.)\1+", r"\1", token)
    return token[:1] + re.sub(r"[aeiouh]", "", token[1:])
