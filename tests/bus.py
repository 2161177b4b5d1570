"""A bus for a test: its own prefix, so its own topics, users and rules on the shared broker."""

from __future__ import annotations

import time
from collections.abc import Iterable

from deploy.embedded import Access
from shared.bus.cluster import Cluster
from shared.bus.rules import Rule
from shared.bus.state import wanted
from shared.topics import Topic


def create_topics(access: Access, topics: Iterable[Topic]) -> None:
    """Topics that the plan does not know."""
    Cluster(access.settings(), access.prefix).create_topics(topics)


def provision(access: Access, agencies: Iterable[str] = (), topics: Iterable[Topic] | None = None) -> None:
    """What `bus apply` makes for these agencies, but for quotas; with `topics`, those in place of the plan's.

    Where nothing is yet, nothing has to be read: what other tests left on the broker would cost more with each test.
    """
    want = wanted(agencies, prefix=access.prefix)
    cluster = Cluster(access.settings(), access.prefix)
    cluster.create_topics(want.topics.values() if topics is None else topics)
    cluster.set_passwords(want.users, access.passwords.of)
    cluster.add(want.rules)
    _until_known(cluster, want.rules)


def _until_known(cluster: Cluster, rules: Iterable[Rule]) -> None:
    """Returns when the broker acts on all of the rules."""
    of_one = max(rule.user for rule in rules)
    expected = {rule for rule in rules if rule.user == of_one}
    until = time.monotonic() + 10
    while not expected <= set(cluster.rules_of(of_one)):
        assert time.monotonic() < until, "the broker took the rules and does not know them"
        time.sleep(0.01)
