"""A record of Kafka, as far as the delivery core looks at it."""

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol


class Stored(Protocol):
    """What decoding sees: a live record or one that was parked."""

    @property
    def topic(self) -> str: ...  # noqa: D102
    @property
    def partition(self) -> int: ...  # noqa: D102
    @property
    def offset(self) -> int: ...  # noqa: D102
    @property
    def key(self) -> bytes | None: ...  # noqa: D102
    @property
    def value(self) -> bytes | None: ...  # noqa: D102


class Record(Stored, Protocol):
    """A live record; `timestamp` in milliseconds since 1970."""

    @property
    def timestamp(self) -> int: ...  # noqa: D102


class Apply(Protocol):
    """A reader's use case: gives events their effect, in order per key, each once however often it is called.

    Raises Permanent, Transient or Unavailable. `accept_gap`: an operator skipped the event before the first one.
    """

    def __call__(self, events: Sequence[Any], *, accept_gap: bool = False) -> Awaitable[None]: ...  # noqa: D102
