"""What the embedded stack says when it cannot do what was asked."""

from __future__ import annotations

import errno

EXIT_STATUS = 2


class Refusal(Exception):
    """A cause outside the project. The text says what is wrong and what to do; the command exits with 2."""


def disk_full(what: object) -> Refusal:
    """Words for a disk that filled up while `what` was written."""
    return Refusal(
        f"The disk is full: could not write {what}. Free some space and try again (`make reset` deletes the data of the stack)."
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, or what caused it, is a full disk or a used-up quota."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "No space left on device" in str(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
