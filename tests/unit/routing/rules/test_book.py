"""The configuration: what is refused, in which words, and what the version covers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.rules.book import load_rule_book, make_rule_book
from shared.config_file import ConfigError, Mistake
from shared.durations import duration
from shared.vocabulary import ClockKind, Urgency
from tests.unit.routing.cases import CONFIG, book
from tests.unit.routing.rules.books import copy_of_config, edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_config(tmp_path)


MISTAKES = [
    ("labor_involved: true", "labour_involved: true", "labor: when: labour_involved: this name is not known here; did you"),
    ("labor_involved: true", "labor_involved: maybe", "line 67: rules: labor: when: labor_involved: write true or false"),
    ("safe_contact: unsafe", "safe_contact: [unsafe, risky]", "safe_contact: risky is not a term of it; choose from: phone"),
    ("safe_contact: unsafe", "safe_contact: []", "rules: unsafe_contact: when: safe_contact: nothing is not a term of it"),
    ("police of other_towns", "police of other_cities", "rules: several_towns: offer: 0: to: write `police of` and one of"),
    ("{to: police of other_towns", "{to: police", "rules: several_towns: offer: 0: to: `police` would ask every department"),
    ("{to: police of other_towns", "{to: winsor-pd", "rules: several_towns: offer: 0: to: winsor-pd is no kind and no agency"),
    ("{to: police of other_towns", "{to: agencies with wings", "wings is no capability; choose from: victim_advocacy"),
    ("{to: police of other_towns", "{to: agencies with interpretation", "agencies.yaml has no agency with interpretation"),
    ("to: [coordinator]", "to: [coordinators]", "fallback: police_did_not_take_it: to: 0: coordinators is no kind"),
    ("urgency: critical", "urgency: urgent", "line 13: rules: immediate_danger: urgency: choose one of: critical, high"),
    ("role: support", "rolle: support", "possible_minor: offer: 3: rolle: this name is not known here; did you mean role?"),
    ("role: support", "rolle: support", "line 22: rules: possible_minor: offer: 3: role: is missing"),
    ("id: labor", "id: town_unknown", "rules: town_unknown: id: this id is used before; every one needs its own"),
    ("id: labor", "id: nobody_left", "rules: nobody_left: id: the program itself gives this reason"),
    ("    why: The adult", "    why", "this is not YAML: could not find expected ':'"),
    ("clocks: [dcf_oral_report, ", "clocks: [dcf_report, ", "choose one of: advocate_contact, dcf_oral_report"),
    ("clocks: [dcf_oral_report, ", "clocks: [answer, ", "clocks: 0: choose one of: advocate_contact"),
    ("urgency: critical\n", "urgency: critical\n    urgency: high\n", "immediate_danger: urgency: given twice, in line 13"),
    ("urgency: critical\n", "urgency: unrecognized\n", "line 13: rules: immediate_danger: urgency: this is no term"),
    ("from: advocates", "from: police", "fallback: police has two fallbacks"),
    ("unmatched\n  offer:", "unmatched\n  when: {minor: yes}\n  offer:", "`unmatched` asks the coordinator and nobody else"),
    ("high\n  why: No rule", "high\n  consult: true\n  why: No rule", "`unmatched` asks the coordinator and nobody else"),
    ("rules:\n", "rulez:\n", "rules.yaml: line 1: rules: is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), MISTAKES, ids=[after for _, after, _ in MISTAKES])
def test_a_mistake_in_the_rules_is_refused_with_the_place_and_what_to_write(
    folder: Path, before: str, after: str, words: str
) -> None:
    edit(folder, before, after)
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    assert words in str(error.value)
    assert str(folder / "rules.yaml") in str(error.value)


def test_a_mistake_in_the_yaml_itself_is_refused_with_its_line(folder: Path) -> None:
    edit(folder, "rules:\n", "rules: [\n")
    with pytest.raises(ConfigError, match=r"rules\.yaml: line \d+: this is not YAML: "):
        load_rule_book(folder)


def test_a_missing_file_says_which_and_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"agencies\.yaml: line 1: cannot be read \(No such file or directory\)\. Is CONFIG_DIR right\?"
    ):
        load_rule_book(tmp_path)


def test_a_rule_cannot_name_a_kind_that_no_agency_is_of(folder: Path) -> None:
    edit(folder, "kind: advocates", "kind: child_protection", "agencies.yaml")
    with pytest.raises(
        ConfigError, match=r"rules: possible_minor: offer: 1: to: agencies\.yaml has no agency of kind advocates"
    ):
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
        ("unassigned: 1 h", "unasigned: 1 h", "unassigned: is missing"),
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


AGENCY_MISTAKES = [
    ("kind: police\n", "kind: polise\n", "agencies: hartford-pd: kind: choose one of: police,"),
    ("towns: [hartford]", "towns: [hartfort]", "agencies: hartford-pd: towns: 0: choose one of: hartford,"),
    ("towns: [hartford]", "towns: [windsor]", "windsor has two police departments"),
    ("staff: [duty, coordinator]", "hours: {monday: 8-16}", "coordinator: hours: monday: write from when to when"),
    ("staff: [duty, coordinator]", "hours: {closed: [2026-13-45]}", "coordinator: hours: closed: 0: this should be a"),
    ("[criminal_investigation]", "[investigations]", "hartford-pd: capabilities: 0: choose one of: victim_advocacy"),
    ("staff: [duty, coordinator]", "staff: [boss]", "agencies: coordinator: staff: 0: choose one of: duty"),
    ("id: dcf", "id: cca", "agencies: cca: id: this id is used before"),
    ("towns: [hartford]", "towns: &them [hartford]\n    capabilities: *them", "write it out: references within the file"),
    ("towns: [hartford]", "towns: &them [hartford, *them]", "write it out: references within the file"),
    ("kind: coordinator", "kind: advocates", "name exactly one of kind coordinator"),
    ("kind: child_protection", "kind: child_protection\n    towns: [windsor]", "towns are for agencies of kind police"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), AGENCY_MISTAKES, ids=[after for _, after, _ in AGENCY_MISTAKES])
def test_a_mistake_in_the_agencies_is_refused_with_the_place_and_what_to_write(
    folder: Path, before: str, after: str, words: str
) -> None:
    edit(folder, before, after, "agencies.yaml")
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    assert words in str(error.value)


def test_every_mistake_in_every_file_is_told_at_once_in_the_order_of_its_lines(folder: Path) -> None:
    edit(folder, "kind: police\n", "kind: polise\n", "agencies.yaml")
    soon = edit(folder, "unassigned: 1 h", "unassigned: soon", "clocks.yaml")
    edit(folder, "urgency: critical", "urgency: urgent")
    edit(folder, "labor_involved: true", "labour_involved: true")
    edit(folder, "id: several_towns", "id: labor")
    with pytest.raises(ConfigError) as error:
        load_rule_book(folder)
    found = [(Path(mistake.file).name, mistake.line) for mistake in error.value.mistakes]
    assert found == [("agencies.yaml", 25), ("clocks.yaml", soon), ("rules.yaml", 13), ("rules.yaml", 67), ("rules.yaml", 73)]


@given(
    name=st.sampled_from(["rules.yaml", "agencies.yaml", "clocks.yaml"]),
    place=st.integers(0, 20_000),
    put=st.sampled_from(["", ":", "\n", "- ", "{", "*", "&a", "'", "\t", "null", "\x00", "é", "  ", "[1]", "rules: 1\n"]),
    length=st.integers(0, 40),
)
def test_whatever_a_file_is_damaged_to_it_is_read_or_refused_with_a_line(name: str, place: int, put: str, length: int) -> None:
    files = {CONFIG / one: (CONFIG / one).read_bytes() for one in ("agencies.yaml", "rules.yaml", "clocks.yaml")}
    text = files[CONFIG / name].decode()
    start = place % len(text)
    files[CONFIG / name] = (text[:start] + put + text[start + length :]).encode()
    mistakes = mistakes_of(files)
    assert mistakes is None or (mistakes and all(mistake.line >= 1 and mistake.text for mistake in mistakes))


def mistakes_of(files: dict[Path, bytes]) -> tuple[Mistake, ...] | None:
    try:
        make_rule_book(files)
    except ConfigError as error:
        return error.mistakes
    return None


@pytest.mark.parametrize("name", ["rules.yaml", "agencies.yaml", "clocks.yaml"])
def test_any_change_of_rules_agencies_or_clocks_changes_the_version(folder: Path, name: str) -> None:
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
        "begin_work": 24, "report_work": 336,
    }  # fmt: skip
    assert times.of(ClockKind.dcf_begins, Urgency.critical) == timedelta(hours=2)
    assert times.of(ClockKind.advocate_contact, Urgency.routine) == timedelta(hours=72)


def test_a_scale_shortens_every_clock() -> None:
    times = load_rule_book(CONFIG, clock_scale=0.01).times
    assert times.of(ClockKind.unassigned, Urgency.high) == timedelta(seconds=36)
    assert times.repeat(ClockKind.dcf_begins, Urgency.high) == timedelta(seconds=72)
