"""Errors that carry an intent: what the reader does next depends on the class alone."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a record went to the dead letter topic. A closed set: it is a metric label."""

    not_json = "not_json"
    unknown_type = "unknown_type"
    bad_schema = "bad_schema"
    wrong_key = "wrong_key"
    too_large = "too_large"
    refused = "refused"
    gap = "gap"
    retries_exhausted = "retries_exhausted"
    behind_parked = "behind_parked"


class DeliveryError(Exception):
    """Base of the errors that a use case may raise towards the reader. Its text never holds event data."""


class Permanent(DeliveryError):
    """Trying again cannot help: dead-letter at once and park the key."""

    def __init__(self, reason: Reason = Reason.refused) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Poison(Permanent):
    """The record cannot be read as an event of its topic."""


class Gap(Permanent):
    """An event before this one has not been seen."""

    def __init__(self) -> None:
        super().__init__(Reason.gap)


class Transient(DeliveryError):
    """May work in a moment: retried a few times inside the key's order, then dead-lettered."""


class Unavailable(DeliveryError):
    """The database or the broker is away: wait for it and take the batch again; never dead-letter for it."""


class Halted(DeliveryError):
    """Too large a share of the records went dead: something is wrong with us, not with them."""
