"""What became of each case so far: events folded into a picture of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from deploy.demo.caseload import Case

Event = dict[str, Any]


@dataclass
class Part:
    """One agency's part in a case. `told_ms`: from the offer to the mail server's acceptance; `done`: what it did, in words."""

    role: str
    reasons: tuple[str, ...]
    told_ms: int | None = None
    done: list[str] = field(default_factory=list)


@dataclass
class Told:
    """A case and all that is known of it. `answered_ms`: how long intake took to say that it is safe."""

    case: Case
    referral: str
    answered_ms: float
    parts: dict[str, Part] = field(default_factory=dict)
    escalated: list[str] = field(default_factory=list)
    urgency: str = "…"
    status: str = "received"


class Story:
    """All cases of a run, by referral."""

    def __init__(self) -> None:
        self.cases: dict[str, Told] = {}
        self._offers: dict[str, tuple[str, str]] = {}
        self._told: dict[str, int] = {}

    def begin(self, case: Case, referral: str, answered_ms: float) -> None:
        """A case was acknowledged."""
        self.cases[referral] = Told(case, referral, answered_ms)

    def hear(self, event: Event) -> None:
        """Folds in one event of `referrals.activity` or `notifications.delivered`; repeats change nothing."""
        told = self.cases.get(event["subject"])
        if told is None:
            return
        kind = event["type"].removeprefix("org.rhtrt.").removesuffix(".v1")
        data = event["data"]
        match kind:
            case "referral.routed":
                told.urgency, told.status = data["urgency"], "routed"
            case "assignment.offered":
                self._offered(told, event)
            case "notification.delivered":
                self._delivered(data)
            case "referral.escalated":
                _once(told.escalated, data["level"])
            case "referral.closed":
                told.status = f"closed: {data['reason']}"
            case _ if data.get("agency") in told.parts:
                _once(told.parts[data["agency"]].done, in_words(kind, data))

    def _offered(self, told: Told, event: Event) -> None:
        data = event["data"]
        agency = data["agency"]
        told.parts.setdefault(agency, Part(data["role"], tuple(data["reasons"])))
        self._offers[event["id"]] = (told.referral, agency)
        if event["id"] in self._told:
            told.parts[agency].told_ms = self._told[event["id"]]

    def _delivered(self, data: Event) -> None:
        about = data["about"]
        self._told[about] = min(data["after_ms"], self._told.get(about, data["after_ms"]))
        if about in self._offers:
            referral, agency = self._offers[about]
            self.cases[referral].parts[agency].told_ms = self._told[about]


def in_words(kind: str, data: Event) -> str:
    """What an event of an agency says, in a few words."""
    name = kind.split(".")[1].removesuffix("_recorded").replace("_", " ")
    detail = [str(data[key]) for key in ("service", "step", "status", "progress", "reason", "charge", "day") if key in data]
    if kind.startswith("clock."):
        return f"clock {name}: {data['clock']}"
    return " ".join([name, *detail]).replace("_", " ")


def _once(words: list[str], word: str) -> None:
    if word not in words:
        words.append(word)
