"""Rules as confluent_kafka has them."""

from typing import Any

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from shared.bus.rules import Rule


def rules_filter(user: str | None) -> Any:
    """What finds the rules of one user, or of all where None is given."""
    every: Any = None
    principal: Any = f"User:{user}" if user else every
    return AclBindingFilter(
        ResourceType.ANY, every, ResourcePatternType.ANY, principal, every, AclOperation.ANY, AclPermissionType.ANY
    )


def to_binding(rule: Rule, make: Any = AclBinding) -> Any:
    """A rule as the client library has it; `make`: AclBinding to add it, AclBindingFilter to remove exactly it."""
    return make(
        ResourceType[rule.kind.upper()],
        rule.name,
        ResourcePatternType.PREFIXED if rule.prefixed else ResourcePatternType.LITERAL,
        f"User:{rule.user}",
        "*",
        AclOperation[rule.operation.upper()],
        AclPermissionType.DENY if rule.deny else AclPermissionType.ALLOW,
    )


def to_rule(binding: Any) -> Rule:
    """And back."""
    return Rule(
        binding.principal.removeprefix("User:"),
        binding.restype.name.lower(),
        binding.name,
        binding.operation.name.lower(),
        binding.resource_pattern_type is ResourcePatternType.PREFIXED,
        binding.permission_type is AclPermissionType.DENY,
    )
