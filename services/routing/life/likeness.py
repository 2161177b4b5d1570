"""What decisions have in common that are the same but for the referral they are about. Pure."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Likeness:
    """One for all decisions that are alike. What follows from what they share is worked out once, and ends with them.

    They may differ in the referral's id, `taken`, `correlation` and facts: nothing of those may be remembered here.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """The result of `work`, which is the same for all of them."""
        if what not in self._known:
            self._known[what] = work()
        found: T = self._known[what]
        return found


class _Alone(Likeness):
    """Like no other: nothing is remembered."""

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        return work()


ALONE = _Alone()
