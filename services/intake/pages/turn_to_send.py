"""What lets a send through when there is a throng: a puzzle that the browser solved, or some patience. Refusal for nobody."""

import base64
import json
from datetime import UTC, datetime, timedelta

from altcha import v1 as altcha

from services.intake.pages.page_state import PageState
from services.intake.seal import Seal

PATIENCE = timedelta(seconds=20)
"""How long one waits without script."""
HARDEST = 60_000
"""Hashes that the puzzle takes at most: a second or two on a phone."""


class Puzzles:
    """ALTCHA puzzles (version 1), each good for one form only."""

    def __init__(self, seal: Seal) -> None:
        self._key = seal.derive("puzzle", b"").hex()
        self._seal = seal

    def puzzle(self, state: PageState) -> dict[str, object]:
        """A new one for this form."""
        options = altcha.ChallengeOptions(hmac_key=self._key, max_number=HARDEST, params={"form": self._of(state)})
        return altcha.create_challenge(options).to_dict()

    def is_solved(self, solution: str, state: PageState) -> bool:
        """Whether this is a solution of a puzzle for this form."""
        try:
            payload = json.loads(base64.b64decode(solution))
            return payload["salt"].count(f"form={self._of(state)}&") == 1 and altcha.verify_solution(payload, self._key)[0]
        except (ValueError, TypeError, KeyError, AttributeError):
            return False

    def _of(self, state: PageState) -> str:
        return self._seal.digest("puzzle-form", state.key.encode()).hex()[:32]


def has_waited(state: PageState, at: datetime) -> bool:
    """Whether a form that was asked to wait has done so."""
    return bool(state.asked) and at - datetime.fromtimestamp(state.asked, UTC) >= PATIENCE
