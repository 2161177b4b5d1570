"""A bus for a test: its own prefix, so its own topics, users and rules on the shared broker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deploy.embedded import Access
from shared.bus.cluster import Cluster
from shared.bus.state import wanted
from shared.topics import Topic


def create_topics(access: Access, topics: Iterable[Topic]) -> None:
    """Topics that the plan does not know."""
    Cluster(access.settings(), access.prefix).create_topics(topics)


def provision(access: Access, agencies: Iterable[str] = (), topics: Iterable[Topic] | None = None) -> None:
    """What `bus apply` makes for these agencies; with `topics`, those in place of the plan's."""
    want = wanted(agencies, prefix=access.prefix)
    if topics is not None:
        want = replace(want, topics={topic.name: topic for topic in topics})
    Cluster(access.settings(), access.prefix).apply(want, access.passwords.of)
