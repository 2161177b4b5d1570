"""The difference between the bus that is wanted and the one that is found."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.rules import Rule, revoking
from shared.bus.state import Change, State, changes, revoked, wanted

QUOTA = {"producer_byte_rate": 1000.0}
WANT = wanted(["dcf", "cca"], QUOTA)


def applied(found: State, steps: list[Change], want: State = WANT) -> State:
    """What the broker would be after these steps."""
    topics, users, rules, quotas = dict(found.topics), set(found.users), set(found.rules), dict(found.quotas)
    for step in steps:
        match step.action, step.kind:
            case (("create" | "change"), "topic"):
                topics[step.name] = want.topics[step.name]
            case "create", "user":
                users.add(step.name)
            case "remove", "user":
                users.remove(step.name)
            case "create", "rule":
                rules |= {step.rule} if step.rule else set()
            case "remove", "rule":
                rules -= {step.rule} if step.rule else set()
            case "change", "quota":
                quotas[step.name] = want.quotas[step.name]
            case "remove", "quota":
                del quotas[step.name]
    return State(topics, frozenset(users), frozenset(rules), quotas)


def halves(whole: frozenset[Rule]) -> st.SearchStrategy[frozenset[Rule]]:
    return st.sets(st.sampled_from(sorted(whole))).map(frozenset)


STRANGERS = frozenset({Rule("stranger", "topic", "referrals.intake", "read"), *revoking("cca")})
founds = st.builds(
    State,
    st.sets(st.sampled_from(sorted(WANT.topics))).map(
        lambda names: {name: replace(WANT.topics[name], retention_ms=1 if name < "b" else -1) for name in names}
    ),
    st.sets(st.sampled_from([*sorted(WANT.users), "stranger"])).map(frozenset),
    halves(WANT.rules | STRANGERS),
    st.dictionaries(st.sampled_from(["dcf", "stranger"]), st.just({"request_percentage": 1.0})),
)


@given(founds)
def test_what_was_applied_leaves_nothing_to_do(found: State) -> None:
    after = applied(found, changes(WANT, found))
    assert [step for step in changes(WANT, after) if step.action != "warn"] == []


@given(founds)
def test_rights_are_taken_before_any_is_given(found: State) -> None:
    order = [(step.action, step.kind) for step in changes(WANT, found) if step.kind in ("rule", "user")]
    assert order == sorted(order, key=[("remove", "rule"), ("remove", "user"), ("create", "user"), ("create", "rule")].index)


@given(founds)
def test_a_topic_is_never_deleted(found: State) -> None:
    assert not any(step.kind == "topic" and step.action == "remove" for step in changes(State(), found))


def test_a_revoked_agency_loses_its_user_and_rules_and_apply_does_not_give_them_back() -> None:
    found = replace(WANT, rules=WANT.rules | revoking("cca"))
    assert revoked(found) == {"cca"}
    after = applied(found, changes(WANT, found))
    assert "cca" not in after.users
    assert {rule for rule in after.rules if rule.user == "cca"} == revoking("cca")
    assert changes(WANT, after) == []


def test_fewer_or_more_partitions_are_for_a_person_to_decide_as_keys_would_move() -> None:
    name = "referrals.intake"
    found = replace(WANT, topics={**WANT.topics, name: replace(WANT.topics[name], partitions=2)})
    (step,) = changes(WANT, found)
    assert (step.action, step.kind, step.name) == ("warn", "topic", name)
