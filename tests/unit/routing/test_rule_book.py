"""The configuration: what is refused, in which words, and what the version covers."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from services.routing.clock_times import duration
from services.routing.config_file import ConfigError
from services.routing.rule_book import load_rule_book
from shared.vocabulary import ClockKind, Urgency
from tests.unit.routing.cases import CONFIG, book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rules.yaml", "agencies.yaml", "clocks.yaml"):
        shutil.copy(CONFIG / name, tmp_path / name)
    return tmp_path


def edit(folder: Path, before: str, after: str, name: str = "rules.yaml") -> int:
    """Changes the first place where it stands; its line."""
    text = (folder / name).read_text()
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1))
    return 1 + text.partition(before)[0].count("\n")


MISTAKES = [
    ("labor_involved: true", "labour_involved: true", "labor: when: labour_involved: 'labour_involved' is neither a fact"),
    ("labor_involved: true", "labor_involved: maybe", "labor: when: labor_involved: write true or false"),
    ("safe_contact: unsafe", "safe_contact: [unsafe, risky]", "unsafe_contact: when: safe_contact: risky is not a term of it."),
    ("police of other_towns", "police of other_cities", "several_towns: offer: 0: to: 'police of other_cities': write `police"),
    ("{to: police of other_towns", "{to: police", "would ask every department"),
    ("{to: police of other_towns", "{to: winsor-pd", "several_towns: offer: 0: to: 'winsor-pd' is no kind and no agency"),
    ("to: [coordinator]", "to: [coordinators]", "fallback: police_did_not_take_it: to: 0: 'coordinators' is no kind"),
    ("urgency: critical", "urgency: urgent", "rules: immediate_danger: urgency: Input should be 'critical', 'high'"),
    ("role: support", "rolle: support", "rules: possible_minor: offer: 3: role: Field required"),
    ("    why: The adult", "    why", "could not find expected ':'"),
    ("clocks: [dcf_oral_report, ", "clocks: [dcf_report, ", "rules: possible_minor: clocks: 0: Input should be 'answer'"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), MISTAKES, ids=[after for _, after, _ in MISTAKES])
def test_a_mistake_in_the_rules_is_refused_with_its_line_and_place_and_what_to_write(
    folder: Path, before: str, after: str, words: str
) -> None:
    line = edit(folder, before, after)
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    assert words in str(error.value)
    assert told_lines(error.value)[0] in range(line, line + 3), "YAML's own parser notices a line or two later"


def told_lines(error: ConfigError) -> list[int]:
    """The lines of rules.yaml that an error names."""
    return [int(line) for line in re.findall(r"rules\.yaml: line (\d+): ", str(error))]


def test_an_id_that_is_used_twice_is_refused_where_it_stands_for_the_second_time(folder: Path) -> None:
    first = edit(folder, "id: labor", "id: town_unknown")
    with pytest.raises(ConfigError, match="town_unknown: id: id town_unknown is given twice") as error:
        load_rule_book(folder)
    assert told_lines(error.value)[0] > first


def test_all_mistakes_are_told_at_once_each_on_a_line_of_its_own(folder: Path) -> None:
    lines = [
        edit(folder, "labor_involved: true", "labour_involved: true"),
        edit(folder, "police of other_towns", "police of other_cities"),
        edit(folder, "to: [coordinator]", "to: [coordinators]"),
    ]
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    assert told_lines(error.value) == lines


def test_a_mistake_in_the_yaml_itself_is_refused_with_its_line(folder: Path) -> None:
    edit(folder, "rules:\n", "rules: [\n")
    with pytest.raises(ConfigError, match=r"rules\.yaml: line \d+: "):
        load_rule_book(folder)


def test_a_missing_file_says_which_and_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"agencies\.yaml: cannot be read \(No such file or directory\)\. Is CONFIG_DIR right\?"
    ):
        load_rule_book(tmp_path)


def test_a_rule_cannot_name_a_kind_that_no_agency_is_of(folder: Path) -> None:
    edit(folder, "kind: advocates", "kind: child_protection", "agencies.yaml")
    with pytest.raises(ConfigError, match=r"possible_minor: offer: 1: to: agencies\.yaml has no agency of kind advocates"):
        load_rule_book(folder)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("unassigned: 1 h", "unassigned: an hour", "unassigned: write a number and s, min, h or d"),
        (
            "high: 2 h, routine: 24 h}\n\n# Until",
            "high: 2 h}\n\n# Until",
            "answer: write one duration, or one for each",
        ),
        ("unassigned: 1 h", "unasigned: 1 h", "unassigned: Field required"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_clocks_is_refused_with_what_to_write(folder: Path, before: str, after: str, words: str) -> None:
    edit(folder, before, after, "clocks.yaml")
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    assert words in str(error.value)


def test_a_bare_yes_in_a_condition_means_the_term_yes(folder: Path) -> None:
    edit(folder, "police_consent: yes", 'police_consent: "yes"')
    quoted = next(rule for rule in load_rule_book(folder).rules.rules if rule.id == "adult_self_wants_police")
    assert quoted in book().rules.rules


@pytest.mark.parametrize("name", ["rules.yaml", "agencies.yaml"])
def test_any_change_of_rules_or_agencies_changes_the_version(folder: Path, name: str) -> None:
    before = load_rule_book(folder).rules.version
    assert before == book().rules.version
    (folder / name).write_text((folder / name).read_text() + "# a remark\n")
    assert load_rule_book(folder).rules.version != before


@pytest.mark.parametrize(("written", "seconds"), [("90 s", 90), ("15 min", 900), ("2h", 7200), ("1.5 d", 129600)])
def test_durations_are_written_as_people_do(written: str, seconds: float) -> None:
    assert duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["0 s", "h", "-1 h", "15 minutes", 15, None])
def test_anything_else_is_no_duration(written: object) -> None:
    with pytest.raises(ValueError, match="write a number"):
        duration(written)


def test_the_clocks_are_as_the_taskforce_and_the_law_have_them() -> None:
    times = book().times
    minutes = {urgency: times.of(ClockKind.answer, Urgency(urgency)) / timedelta(minutes=1) for urgency in Urgency.terms()}
    assert minutes == {"critical": 15, "high": 120, "routine": 1440}
    hours = {kind: times.of(ClockKind(kind), Urgency.high) / timedelta(hours=1) for kind in ClockKind.terms()}
    assert hours == {
        "answer": 2, "unassigned": 1, "advocate_contact": 24, "dcf_oral_report": 12, "dcf_written_report": 48, "dcf_begins": 72,
    }  # fmt: skip
    assert times.of(ClockKind.dcf_begins, Urgency.critical) == timedelta(hours=2)
    assert times.of(ClockKind.advocate_contact, Urgency.routine) == timedelta(hours=72)


def test_a_scale_shortens_every_clock() -> None:
    times = load_rule_book(CONFIG, clock_scale=0.01).times
    assert times.of(ClockKind.unassigned, Urgency.high) == timedelta(seconds=36)
    assert times.repeat(Urgency.high) == timedelta(seconds=72)
