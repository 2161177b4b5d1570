"""Why a file is not taken: a closed list, each with what to do instead. Pure."""

from enum import Enum


class Why(Enum):
    """The name is a metric label; the value goes to whoever sends the file, and quotes nothing of it."""

    empty = "the file is empty: choose it again, and check that it opens on your side"
    too_large = "the file is too large: send a smaller picture, or the document in parts"
    unknown_kind = "this kind of file is not taken: send a picture (JPEG, PNG, WebP), a PDF or plain text in UTF-8"
    cut_off = "the end of the file is missing: send it again, and check that it opens on your side"
    damaged = "the picture cannot be opened: send it again, or a screenshot of it"
    too_many_pixels = "the picture has too many pixels: send a smaller one, or a screenshot of it"
    two_kinds = "another file is hidden in this one: send a screenshot of it, or print it to a new PDF"
    active = "the file holds a web page or a program: send a screenshot of it, or print it to a new PDF"
    bad_name = "give the file a name of at most 255 characters, without folders and control characters"
    too_many = "this referral has as many files as it can have: tell the rest in words, or call"
    harmful = "the virus scanner found something in this file: send a screenshot of it, or print it to a new PDF"


class Refused(Exception):
    """The file is not taken. Its text is the name of the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.name)
        self.why = why
