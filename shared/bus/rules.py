"""Who may do what on the bus. Whatever no rule allows is denied; nobody but the administrator may create anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.topics import ACTIVITY, DELIVERED, INTAKE, READERS, dead_topic, inbox, outbox, outbox_reader

Kind = Literal["topic", "group"]
Operation = Literal["read", "write", "all"]

SERVICES = ("intake", "routing", "notifications", "reporting")
WRITERS = {INTAKE: "intake", ACTIVITY: "routing", DELIVERED: "notifications"}
"""The one service that writes each shared topic."""

ALL = "*"


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One line of the access list. `user` may do `operation` (each includes describing).

    `prefixed`: to every name that begins with `name`, else to that name alone. `deny`: wins over every rule that allows.
    """

    user: str
    kind: Kind
    name: str
    operation: Operation
    prefixed: bool = False
    deny: bool = False

    def __str__(self) -> str:
        star = "*" if self.prefixed else ""
        return f"{self.user}: {'may not' if self.deny else 'may'} {self.operation} {self.kind} {self.name}{star}"


def service_of(group: str) -> str:
    """The service that reads as this consumer group: the part of its name before the first `-`."""
    return group.split("-", maxsplit=1)[0]


def rules(agencies: Iterable[str], prefix: str = "") -> frozenset[Rule]:
    """Every rule of a bus with these agencies. A prefix comes before the names of users, topics and groups alike."""
    found = [rule for topic, groups in READERS.items() for group in groups for rule in _reading(topic, group)]
    found += [Rule(writer, "topic", topic, "write") for topic, writer in WRITERS.items()]
    for agency in agencies:
        found += _agency(agency)
    return frozenset(_prefixed(rule, prefix) for rule in found)


def _reading(topic: str, group: str) -> list[Rule]:
    """What a group of a service needs: its topic, itself, and a place for what it gives up."""
    service = service_of(group)
    return [
        Rule(service, "topic", topic, "read"),
        Rule(service, "group", group, "read"),
        Rule(service, "topic", dead_topic(topic, group), "write"),
    ]


def _agency(agency: str) -> list[Rule]:
    """An agency reads its inbox with groups `ID.…` and writes its outbox; routing has the other ends."""
    return [
        Rule(agency, "topic", inbox(agency), "read"),
        Rule(agency, "group", f"{agency}.", "read", prefixed=True),
        Rule(agency, "topic", outbox(agency), "write"),
        Rule("routing", "topic", inbox(agency), "write"),
        *_reading(outbox(agency), outbox_reader(agency)),
    ]


def revoking(user: str) -> frozenset[Rule]:
    """The rules that shut a user out at once, whatever else is allowed; they also say that it was meant."""
    return frozenset(Rule(user, kind, ALL, "all", deny=True) for kind in ("topic", "group"))


def _prefixed(rule: Rule, prefix: str) -> Rule:
    return Rule(prefix + rule.user, rule.kind, prefix + rule.name, rule.operation, rule.prefixed)
