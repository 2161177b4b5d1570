"""What a bus should be, what it is, and what has to change. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.bus.rules import SERVICES, Rule, revoking, rules
from shared.topics import Topic, all_topics

Quota = Mapping[str, float]
"""By Kafka's names: producer_byte_rate and consumer_byte_rate in bytes a second, request_percentage of one thread."""


@dataclass(frozen=True, slots=True)
class State:
    """A bus, wanted or found. `quotas`: by user. Users without a quota are not in it."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    users: frozenset[str] = frozenset()
    rules: frozenset[Rule] = frozenset()
    quotas: Mapping[str, Quota] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. `warn`: nothing is done, a person has to look (a topic is never deleted or cut by itself)."""

    action: Literal["create", "change", "remove", "warn"]
    kind: Literal["topic", "user", "rule", "quota"]
    name: str
    detail: str = ""
    rule: Rule | None = None

    def __str__(self) -> str:
        return f"{self.action:7}{self.kind:6}{self.rule or self.name}" + (f": {self.detail}" if self.detail else "")


def wanted(agencies: Iterable[str], quota: Quota | None = None, prefix: str = "") -> State:
    """The bus of these agencies; each agency's user is held to the quota."""
    ids = tuple(agencies)
    return State(
        {topic.name: topic for topic in all_topics(ids, prefix)},
        frozenset(prefix + name for name in (*SERVICES, *ids)),
        rules(ids, prefix),
        {prefix + agency: quota for agency in ids} if quota else {},
    )


def revoked(found: State) -> frozenset[str]:
    """The users that were shut out by `revoke`."""
    return frozenset(user for user in {rule.user for rule in found.rules} if revoking(user) <= found.rules)


def changes(want: State, found: State) -> list[Change]:
    """What makes `found` into `want`, in an order in which nobody is ever allowed too much. Empty where all is well.

    A revoked user stays shut out: its credentials and rules are removed, not made again.
    """
    out = revoked(found)
    users = want.users - out
    allowed = {rule for rule in want.rules if rule.user not in out}
    kept = {rule for user in out for rule in revoking(user)}
    return [
        *(Change("remove", "rule", rule.user, rule=rule) for rule in sorted(found.rules - allowed - kept)),
        *(Change("remove", "user", user) for user in sorted(found.users - users)),
        *_topics(want, found),
        *(Change("create", "user", user) for user in sorted(users - found.users)),
        *_quotas(want, found),
        *(Change("create", "rule", rule.user, rule=rule) for rule in sorted(allowed - found.rules)),
    ]


def _topics(want: State, found: State) -> Iterable[Change]:
    for name, topic in sorted(want.topics.items()):
        there = found.topics.get(name)
        if there is None:
            yield Change("create", "topic", name, _described(topic))
        elif topic.partitions != there.partitions:
            yield Change("warn", "topic", name, f"{there.partitions} partitions, not {topic.partitions}: keys would move")
        elif topic != there:
            yield Change("change", "topic", name, f"{_described(there)} to {_described(topic)}")
    for name in sorted(found.topics.keys() - want.topics.keys()):
        yield Change("warn", "topic", name, "is not ours: delete it by hand where nobody needs it")


def _quotas(want: State, found: State) -> Iterable[Change]:
    for user in sorted(want.quotas.keys() | found.quotas.keys()):
        should, there = want.quotas.get(user, {}), found.quotas.get(user, {})
        if should != there:
            yield Change("change" if should else "remove", "quota", user, ", ".join(f"{k}={v:g}" for k, v in should.items()))


def _described(topic: Topic) -> str:
    return f"{topic.partitions} partitions, {topic.cleanup}, retention {topic.retention_ms} ms"
