"""The configuration of routing, read from files: rules, agencies and clocks, checked, with a version."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.routing.rules.clock_times import ClockTimes, WrittenClocks
from services.routing.rules.decision import Decision, remembering
from services.routing.rules.file import TAKEOVERS, WORDS, WrittenFallback, WrittenRule, WrittenRules
from services.routing.rules.rule import Ask, Rule, Rules
from shared.agencies import AGENCIES_WORDS, Agencies, AgencyKind
from shared.config_file import ConfigError, Mistake, parse
from shared.config_model import validated
from shared.events.facts import Facts
from shared.vocabulary import ClockKind, Urgency

FILES = ("agencies.yaml", "rules.yaml", "clocks.yaml")


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
    """Reads agencies.yaml, rules.yaml and clocks.yaml. ConfigError names every mistake in them.

    `clock_scale` multiplies every duration: demonstrations and tests shorten them.
    """
    return make_rule_book(read_files(config_dir), clock_scale)


def read_files(config_dir: Path) -> dict[Path, bytes]:
    """The files as they are now, in the order of FILES. ConfigError where one cannot be read."""
    try:
        return {config_dir / name: (config_dir / name).read_bytes() for name in FILES}
    except OSError as error:
        text = f"cannot be read ({error.strerror}). Is CONFIG_DIR right?"
        raise ConfigError([Mistake(str(error.filename), 1, "", text)]) from None


def version_of(files: Mapping[Path, bytes]) -> str:
    """Changes with any change of what is decided by: 12 hexadecimal digits."""
    return hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12]


def make_rule_book(files: Mapping[Path, bytes], clock_scale: float = 1.0) -> RuleBook:
    """The rule book that the files hold, all of them or none. ConfigError names every mistake in any of them."""
    agencies_file, rules_file, clocks_file = files
    mistakes: list[Mistake] = []

    def read(file: Path, model: type[Any], words: Iterable[str], context: Any = None) -> Any:
        try:
            content, wrong = validated(parse(str(file), files[file]), model, words, context)
        except ConfigError as error:
            content, wrong = None, list(error.mistakes)
        mistakes.extend(wrong)
        return content

    agencies: Agencies | None = read(agencies_file, Agencies, AGENCIES_WORDS)
    clocks: WrittenClocks | None = read(clocks_file, WrittenClocks, WrittenClocks.model_fields)
    written: WrittenRules | None = read(rules_file, WrittenRules, WORDS, agencies)
    if mistakes or agencies is None or clocks is None or written is None:
        raise ConfigError(mistakes)
    return _rule_book(written, agencies, ClockTimes(clocks, clock_scale), version_of(files))


def _rule_book(written: WrittenRules, agencies: Agencies, times: ClockTimes, version: str) -> RuleBook:
    rules = Rules(tuple(_rule(rule) for rule in written.rules), _rule(written.unmatched), version)
    explained: list[WrittenRule | WrittenFallback] = [*written.rules, written.unmatched, *written.fallback]
    return RuleBook(
        rules=rules,
        agencies=agencies,
        decide=remembering(rules, agencies),
        times=times,
        fallback={one.from_: Fallback(one.id, one.to) for one in written.fallback},
        kinds={agency.id: agency.kind for agency in agencies.agencies},
        coordinator=agencies.coordinator,
        why={one.id: one.why for one in explained} | {name: getattr(written.takeover, name).why for name in TAKEOVERS},
    )


def _rule(written: WrittenRule) -> Rule:
    return Rule(
        id=written.id,
        when=written.when.conditions(),
        asks=tuple(Ask(ask.to, ask.role) for ask in written.offer),
        urgency=written.urgency,
        clocks=written.clocks,
        consult=written.consult,
        why=written.why,
    )
