"""Reads a broker's state and changes it. aiokafka's administration cannot set users or rules, so this uses confluent-kafka."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBindingFilter,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from shared.bus.bindings import rules_filter, to_binding, to_rule
from shared.bus.quotas import read_quotas, set_quotas
from shared.bus.rules import Rule
from shared.bus.state import Change, State, changes
from shared.settings import KafkaSettings
from shared.topics import Topic

ITERATIONS = 4096  # Kafka's least; the passwords are 256 random bits, which no amount of guessing finds
PROPAGATION = 15.0  # seconds within which a change has to be visible
Password = Callable[[str], str]


def client_configuration(settings: KafkaSettings) -> dict[str, Any]:
    """How librdkafka writes the settings of a connection."""
    shared = {"bootstrap.servers": settings.bootstrap_servers, "client.id": settings.client_id, "log_level": 0}
    if settings.security_protocol == "PLAINTEXT":
        return shared
    return shared | {
        "security.protocol": settings.security_protocol,
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": settings.sasl_username or "",
        "sasl.password": settings.sasl_password.get_secret_value() if settings.sasl_password else "",
        **({"ssl.ca.location": str(settings.ca_file)} if settings.ca_file else {}),
    }


class Cluster:
    """One broker or several, as the administrator sees them. Every method raises KafkaException where it is refused.

    `prefix`: only what carries it is looked at, and with an empty one, only what carries none (names have no dots then).
    """

    def __init__(self, settings: KafkaSettings, prefix: str = "", *, replication: int = 1) -> None:
        self.settings = settings
        self.prefix = prefix
        self._replication = replication
        self._admin = AdminClient(client_configuration(settings))

    def wait(self, seconds: float = 60) -> None:
        """Returns when the broker answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                self._admin.list_topics(timeout=5)
            except KafkaException:
                if time.monotonic() > until:
                    raise
            else:
                return

    def read(self, want: State) -> State:
        """The state now, as far as it concerns the topics wanted and all users of the prefix."""
        users = self._admin.describe_user_scram_credentials().result()  # type: ignore[union-attr]
        quotas = read_quotas(self.settings)
        return State(
            self._topics(want.topics),
            frozenset(filter(self._is_ours, users)),
            frozenset(rule for rule in self.rules_of(None) if self._is_ours(rule.user)),
            {user: quota for user, quota in quotas.items() if self._is_ours(user)},
        )

    def apply(self, want: State, password: Password, steps: Sequence[Change] | None = None) -> list[Change]:
        """Makes the broker match and waits until it does. Returns what was changed; `password`: of a user."""
        done = [step for step in (changes(want, self.read(want)) if steps is None else steps) if step.action != "warn"]
        for action, kind, work in self._works(want, password):
            if mine := [step for step in done if (step.action, step.kind) == (action, kind)]:
                work(mine)
        until = time.monotonic() + PROPAGATION
        while done and any(step.action != "warn" for step in changes(want, self.read(want))):
            if time.monotonic() > until:
                raise TimeoutError("the broker took the changes and does not show them")
            time.sleep(0.02)
        return done

    def create_topics(self, topics: Iterable[Topic]) -> None:
        """Creates topics that are missing."""
        there = self._admin.list_topics(timeout=10).topics
        new = [
            NewTopic(t.name, t.partitions, self._replication, config=_configuration(t)) for t in topics if t.name not in there
        ]
        _finish(self._admin.create_topics(new, operation_timeout=30) if new else {})

    def add(self, rules: Iterable[Rule]) -> None:
        """Adds rules; those that are there already stay."""
        bindings = [to_binding(rule) for rule in rules]
        _finish(self._admin.create_acls(bindings) if bindings else {})

    def remove(self, rules: Iterable[Rule]) -> None:
        """Removes exactly these rules."""
        filters = [to_binding(rule, AclBindingFilter) for rule in rules]
        _finish(self._admin.delete_acls(filters) if filters else {})

    def set_passwords(self, users: Iterable[str], password: Password) -> None:
        """Sets users' passwords: `password` gives them by the name without the prefix."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
        fresh: list[Any] = [
            UserScramCredentialUpsertion(u, info, password(u.removeprefix(self.prefix)).encode()) for u in users
        ]
        _finish(self._admin.alter_user_scram_credentials(fresh) if fresh else {})

    def delete_users(self, users: Iterable[str]) -> None:
        """Deletes users' credentials."""
        gone: list[Any] = [UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512) for user in users]
        _finish(self._admin.alter_user_scram_credentials(gone) if gone else {})

    def _works(self, want: State, password: Password) -> list[tuple[str, str, Callable[[list[Change]], None]]]:
        """In the order in which nobody is ever allowed too much."""

        def quotas(steps: list[Change]) -> None:
            before = read_quotas(self.settings)
            set_quotas(self.settings, {s.name: (before.get(s.name, {}), want.quotas.get(s.name, {})) for s in steps})

        return [
            ("remove", "rule", lambda steps: self.remove(s.rule for s in steps if s.rule)),
            ("remove", "user", lambda steps: self.delete_users(s.name for s in steps)),
            ("create", "topic", lambda steps: self.create_topics(want.topics[s.name] for s in steps)),
            ("change", "topic", lambda steps: self._configure(want.topics[s.name] for s in steps)),
            ("create", "user", lambda steps: self.set_passwords([s.name for s in steps], password)),
            ("change", "quota", quotas),
            ("remove", "quota", quotas),
            ("create", "rule", lambda steps: self.add(s.rule for s in steps if s.rule)),
        ]

    def _is_ours(self, name: str) -> bool:
        return name.startswith(self.prefix) and "." not in name.removeprefix(self.prefix) and name not in ("admin", "broker")

    def _topics(self, wanted: Mapping[str, Topic]) -> dict[str, Topic]:
        there = self._admin.list_topics(timeout=10).topics
        families = tuple(self.prefix + family for family in ("referrals.", "agencies.", "notifications."))
        names = [name for name in there if name in wanted or name.startswith(families)]
        resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
        found = {}
        for resource, future in (self._admin.describe_configs(resources) if resources else {}).items():
            entries = future.result()
            retention, cleanup = int(entries["retention.ms"].value), entries["cleanup.policy"].value
            found[resource.name] = Topic(resource.name, len(there[resource.name].partitions), retention, cleanup)
        return found

    def _configure(self, topics: Iterable[Topic]) -> None:
        resources = [
            ConfigResource(
                ConfigResource.Type.TOPIC,
                topic.name,
                incremental_configs=[
                    ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
                    for name, value in _configuration(topic).items()
                ],
            )
            for topic in topics
        ]
        _finish(self._admin.incremental_alter_configs(resources))

    def rules_of(self, user: str | None) -> list[Rule]:
        """The rules of one user, or of all where None is given."""
        return [to_rule(found) for found in self._admin.describe_acls(rules_filter(user)).result()]


def _configuration(topic: Topic) -> dict[str, str]:
    return {"retention.ms": str(topic.retention_ms), "cleanup.policy": topic.cleanup}


def _finish(futures: Mapping[Any, Any]) -> None:
    for future in futures.values():
        future.result()
