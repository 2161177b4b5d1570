"""The configuration of routing, read from files: rules, agencies and clocks, checked, with a version."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from services.routing.clock_times import ClockTimes, WrittenClocks
from services.routing.rule_file import WrittenFallback, WrittenRule, WrittenRules, allowed, check_ids, check_target
from services.routing.rules import Ask, Condition, Decision, Rule, Rules, remembering
from shared.agencies import Agencies, AgencyKind
from shared.events.facts import Facts

T = TypeVar("T")


class ConfigError(Exception):
    """A configuration file cannot be used. The text says which file, where in it, and what to write."""


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


def load_rule_book(config_dir: Path, clock_scale: float = 1.0) -> RuleBook:
    """Reads agencies.yaml, rules.yaml and clocks.yaml. ConfigError where one cannot be used.

    `clock_scale` multiplies every duration: demonstrations and tests shorten them.
    """
    agencies = _read(config_dir / "agencies.yaml", Agencies.model_validate)
    clocks = _read(config_dir / "clocks.yaml", WrittenClocks.model_validate)
    file = config_dir / "rules.yaml"
    written = _read(file, WrittenRules.model_validate)
    why = _checked(file, "the file", lambda: _why(written))
    rules = Rules(
        rules=tuple(_rule(file, rule, agencies) for rule in written.rules),
        unmatched=_rule(file, written.unmatched, agencies),
        version=_version(file, config_dir / "agencies.yaml"),
    )
    return RuleBook(
        rules=rules,
        agencies=agencies,
        decide=remembering(rules, agencies),
        times=ClockTimes(clocks, clock_scale),
        fallback=_fallback(file, written, agencies),
        kinds={agency.id: agency.kind for agency in agencies.agencies},
        coordinator=agencies.coordinator,
        why=why,
    )


def _why(written: WrittenRules) -> dict[str, str]:
    explained: list[WrittenRule | WrittenFallback] = [*written.rules, written.unmatched, *written.fallback]
    takeovers = {name: getattr(written.takeover, name).why for name in type(written.takeover).model_fields}
    check_ids([*(one.id for one in explained), *takeovers])
    return {one.id: one.why for one in explained} | takeovers


def _rule(file: Path, written: WrittenRule, agencies: Agencies) -> Rule:
    def build() -> Rule:
        for ask in written.offer:
            check_target(ask.to, agencies)
        return Rule(
            id=written.id,
            when=tuple(Condition(name, allowed(name, value)) for name, value in written.when.items()),
            asks=tuple(Ask(ask.to, ask.role) for ask in written.offer),
            urgency=written.urgency,
            clocks=written.clocks,
            consult=written.consult,
            why=written.why,
        )

    return _checked(file, f"rule {written.id}", build)


def _fallback(file: Path, written: WrittenRules, agencies: Agencies) -> dict[AgencyKind, Fallback]:
    for one in written.fallback:
        for to in one.to:
            _checked(file, f"fallback {one.id}", lambda to=to: check_target(to, agencies))  # type: ignore[misc]
    return {one.from_: Fallback(one.id, one.to) for one in written.fallback}


def _version(*files: Path) -> str:
    """Changes with any change of what was decided by: 12 hexadecimal digits."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _checked(file: Path, where: str, build: Callable[[], T]) -> T:
    try:
        return build()
    except ValueError as error:
        raise ConfigError(f"{file}: {where}: {error}") from None


def _read(file: Path, validate: Callable[[Any], T]) -> T:
    try:
        content = yaml.safe_load(file.read_text())
        return validate(content)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}). Is CONFIG_DIR right?") from None
    except ValidationError as error:
        raise ConfigError("\n".join(f"{file}: {_place(e['loc'], content)}: {e['msg']}" for e in error.errors())) from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ConfigError(f"{file}: {line}{error.problem}") from None


def _place(path: tuple[int | str, ...], content: Any) -> str:
    """Where it is, by id instead of number wherever there is one: `rules: labor: urgency`."""
    named: list[str] = []
    for step in path:
        content = _inside(content, step)
        named.append(str(content["id"]) if isinstance(content, dict) and "id" in content else str(step))
    return ": ".join(named) or "the file"


def _inside(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None
