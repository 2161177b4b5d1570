"""What was done and what was seen: the checker knows nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Post:
    """One attempt to hand a referral to intake. `outcome`: acknowledged, refused (4xx) or unknown (503, timeout, cut)."""

    key: str
    outcome: str
    referral: str | None
    due: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One attempt of an agency to write to its outbox. `outcome`: acknowledged or unknown; `event` is its id."""

    event: str
    agency: str
    referral: str
    kind: str
    outcome: str


@dataclass(frozen=True)
class Seen:
    """An event found in a topic, in the order of its partition. `at`, `due`: seconds since 1970.

    `begun`: the clocks that begin with it, each by kind, agency and when it is due.
    """

    topic: str
    id: str
    kind: str
    referral: str
    sequence: int
    agency: str | None
    about: str | None
    cause: str | None
    body: int
    at: float = 0.0
    clock: str | None = None
    due: float = 0.0
    begun: tuple[tuple[str, str | None, float], ...] = ()


@dataclass
class History:
    """A whole run. `mails`: Message-IDs as they came; `dead`: dead letters by reason; `report`: the figures at the end;
    `looked_at`: when it was last looked, in seconds since 1970.
    """

    posts: list[Post] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    report: dict[str, int] = field(default_factory=dict)
    looked_at: float = 0.0

    def of(self, topic: str, kind: str | None = None) -> list[Seen]:
        """What was seen in one topic, of one kind where given."""
        return [s for s in self.seen if s.topic == topic and (kind is None or s.kind == kind)]

    @property
    def acknowledged(self) -> dict[str, Post]:
        """The acknowledged posts by referral."""
        return {p.referral: p for p in self.posts if p.outcome == "acknowledged" and p.referral}

    def write(self, path: Path) -> None:
        """One JSON object a line, so that a failed run can be looked at."""
        lines = [json.dumps({"op": type(item).__name__, **asdict(item)}) for item in self._items()]
        lines.append(json.dumps({"op": "end", "mails": self.mails, "dead": self.dead, "report": self.report}))
        path.write_text("\n".join(lines))

    def _items(self) -> Iterable[Any]:
        return [*self.posts, *self.answers, *self.seen]
