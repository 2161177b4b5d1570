"""The configuration of routing, read from files: rules, agencies and clocks, checked as a whole, with a version."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.routing.clock_times import ClockTimes, WrittenClocks
from services.routing.config_file import ConfigError, ConfigFile
from services.routing.matching import Condition
from services.routing.rule_file import WrittenRule, WrittenRules, allowed, check_target
from services.routing.rules import Ask, Decision, Rule, Rules, remembering
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts
from shared.vocabulary import ClockKind, Urgency

FILES = ("agencies.yaml", "clocks.yaml", "rules.yaml")


@dataclass(frozen=True, slots=True)
class Fallback:
    """Who is asked next, and the id of the reason."""

    id: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything that decides. `why` maps every reason that a decision can give to its sentence for people."""

    rules: Rules
    agencies: Agencies
    decide: Callable[[Facts], Decision]
    times: ClockTimes
    fallback: Mapping[AgencyKind, Fallback]
    kinds: Mapping[str, AgencyKind]
    coordinator: str
    why: Mapping[str, str]

    def due(self, kind: ClockKind, urgency: Urgency, agency: str | None, at: datetime) -> datetime:
        """When a clock that starts now runs out. A closed agency's time to answer begins when it opens, where that may wait."""
        if agency and kind is ClockKind.answer and urgency in self.times.waiting:
            at = self.agencies.next_opening(agency, at)
        return at + self.times.of(kind, urgency)


def load_rule_book(config_dir: Path, clock_scale: float = 1.0) -> RuleBook:
    """Reads agencies.yaml, clocks.yaml and rules.yaml. ConfigError, with every mistake on a line, where they cannot be used.

    `clock_scale` multiplies every duration: demonstrations and tests shorten them.
    """
    agencies = ConfigFile(config_dir / "agencies.yaml").validated(Agencies)
    clocks = ConfigFile(config_dir / "clocks.yaml").validated(WrittenClocks)
    file = ConfigFile(config_dir / "rules.yaml")
    written = file.validated(WrittenRules)
    if mistakes := [*_mistakes(file, written, agencies), *_twice(file, written)]:
        raise ConfigError("\n".join(mistakes))
    rules = Rules(
        rules=tuple(_rule(rule) for rule in written.rules),
        unmatched=_rule(written.unmatched),
        version=_version(config_dir / "rules.yaml", config_dir / "agencies.yaml"),
    )
    return RuleBook(
        rules=rules,
        agencies=agencies,
        decide=remembering(rules, agencies),
        times=ClockTimes(clocks, clock_scale),
        fallback={one.from_: Fallback(one.id, one.to) for one in written.fallback},
        kinds={agency.id: agency.kind for agency in agencies.agencies},
        coordinator=agencies.coordinator,
        why={id_: why for _, id_, why in _reasons(written)},
    )


def _reasons(written: WrittenRules) -> list[tuple[tuple[int | str, ...], str, str]]:
    """Place, id and sentence of everything that can be a reason."""
    takeovers = type(written.takeover).model_fields
    return [
        *((("rules", number), rule.id, rule.why) for number, rule in enumerate(written.rules)),
        (("unmatched",), written.unmatched.id, written.unmatched.why),
        *((("fallback", number), one.id, one.why) for number, one in enumerate(written.fallback)),
        *((("takeover", name), name, getattr(written.takeover, name).why) for name in takeovers),
    ]


def _twice(file: ConfigFile, written: WrittenRules) -> list[str]:
    """An id that is used twice: reasons would be ambiguous."""
    seen: set[str] = set()
    mistakes = []
    for place, id_, _ in _reasons(written):
        if id_ in seen:
            mistakes.append(file.mistake((*place, "id"), f"id {id_} is given twice: every rule needs its own"))
        seen.add(id_)
    return mistakes


def _mistakes(file: ConfigFile, written: WrittenRules, agencies: Agencies) -> list[str]:
    """Whatever is in the right shape and still means nothing."""
    found = []

    def check(place: tuple[int | str, ...], build: Callable[[], object]) -> None:
        try:
            build()
        except ValueError as error:
            found.append(file.mistake(place, str(error)))

    places = [(("rules", number), rule) for number, rule in enumerate(written.rules)]
    for place, rule in [*places, (("unmatched",), written.unmatched)]:
        for name, value in rule.when.items():
            check((*place, "when", name), lambda name=name, value=value: allowed(name, value))  # type: ignore[misc]
        for number, ask in enumerate(rule.offer):
            check((*place, "offer", number, "to"), lambda to=ask.to: check_target(to, agencies))  # type: ignore[misc]
    for place_, one in enumerate(written.fallback):
        for number, to in enumerate(one.to):
            check(("fallback", place_, "to", number), lambda to=to: check_target(to, agencies))  # type: ignore[misc]
    return found


def _rule(written: WrittenRule) -> Rule:
    return Rule(
        id=written.id,
        when=tuple(Condition(name, allowed(name, value)) for name, value in written.when.items()),
        asks=tuple(Ask(ask.to, ask.role) for ask in written.offer),
        urgency=written.urgency,
        clocks=written.clocks,
        consult=written.consult,
        why=written.why,
    )


def _version(*files: Path) -> str:
    """Changes with any change of what was decided by: 12 hexadecimal digits."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]
