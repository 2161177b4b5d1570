"""Who may do what: what is not needed is not allowed."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.rules import SERVICES, WRITERS, rules, service_of
from shared.contracts.channels import AGENCY, CHANNELS
from shared.topics import READERS, all_topics, inbox, outbox

AGENCIES = ("dcf", "windsor-pd")
RULES = rules(AGENCIES)
words = st.text("ab1", min_size=1, max_size=3)
# Few letters, so that one id often begins with another.
ids = st.lists(st.builds("a{}-{}".format, words, words) | st.builds("a{}".format, words), unique=True, max_size=5)


def may(user: str, operation: str) -> set[str]:
    return {rule.name for rule in RULES if rule.user == user and rule.operation == operation and rule.kind == "topic"}


def test_every_shared_topic_has_one_writer_the_one_that_the_contracts_name() -> None:
    assert {c.address: c.writer for c in CHANNELS if c.writer != AGENCY and "{" not in c.address} == WRITERS
    for topic in WRITERS:
        assert [rule.user for rule in RULES if rule.name == topic and rule.operation == "write"] == [WRITERS[topic]]


def test_a_topic_is_read_by_the_services_of_its_groups_alone() -> None:
    for topic, groups in READERS.items():
        assert {rule.user for rule in RULES if rule.name == topic and rule.operation == "read"} == set(map(service_of, groups))


def test_an_agency_reads_its_inbox_and_writes_its_outbox_and_that_is_all() -> None:
    for agency in AGENCIES:
        assert may(agency, "read") == {inbox(agency)}
        assert may(agency, "write") == {outbox(agency)}


def test_intake_and_reporting_have_no_say_in_what_is_decided() -> None:
    assert may("intake", "write") == {"referrals.intake", "referrals.activity.intake-access.dead"}
    assert all(name.endswith(".dead") for name in may("reporting", "write"))


@given(ids, st.sampled_from(["", "t1."]))
def test_no_rule_is_wider_than_its_user_and_every_topic_named_exists(agencies: list[str], prefix: str) -> None:
    known = {topic.name for topic in all_topics(agencies, prefix)}
    for rule in rules(agencies, prefix):
        assert rule.name.startswith(prefix)
        assert rule.user.startswith(prefix)
        assert rule.operation in ("read", "write")
        assert not rule.deny
        if rule.kind == "topic":
            assert rule.name in known
            assert not rule.prefixed
        elif rule.prefixed:
            assert rule.name == f"{rule.user}."


@given(ids)
def test_no_agencys_group_rule_covers_another_agencys_or_a_services_groups(agencies: list[str]) -> None:
    prefixes = {rule.user: rule.name for rule in rules(agencies) if rule.prefixed}
    for one, other in permutations(prefixes, 2):
        assert not f"{other}.records".startswith(prefixes[one])
    groups = [group for names in READERS.values() for group in names]
    assert not any(group.startswith(name) for group in groups for name in prefixes.values())
    assert {rule.user for rule in rules(agencies)} == {*SERVICES, *agencies}
