"""The alert rules ask for metrics that exist, are tested, and lead to a runbook. promtool itself runs in `make promtool`."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

PROMETHEUS = Path("deploy/prometheus")
RULE_FILES = sorted(PROMETHEUS.glob("rules/*.yml"))
METRICS = ["shared.bus.metrics", "shared.delivery.metrics", "shared.health"]
METRICS += [f"services.{path.parent.name}.metrics" for path in Path("services").glob("*/metrics.py")]
FROM_PROMETHEUS = {"up"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset", "group_left", "group_right"}


def alerts() -> Iterator[dict[str, Any]]:
    for path in RULE_FILES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def metrics_in(expression: str) -> set[str]:
    """The metric names of a PromQL expression: its words that are no function, label, duration or keyword."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring)\s*\([^)]*\)', " ", expression)
    return {word for word, call in re.findall(r"\b([a-z_][a-z0-9_:]*)\b(\s*\()?", bare) if not call and word not in WORDS}


def metrics_of_the_code() -> set[str]:
    for module in METRICS:
        importlib.import_module(module)
    return {family.name + suffix for family in REGISTRY.collect() for suffix in SUFFIXES.get(family.type, ("",))}


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('max by (service) (outbox_age{a="b"}) > 60', {"outbox_age"}),
        ('time() - last_success > 1 or absent(up{service="x"})', {"last_success", "up"}),
        ("sum without (instance) (increase(dead_total[15m])) > 0", {"dead_total"}),
    ],
)
def test_metric_names_are_found_in_expressions(expression: str, names: set[str]) -> None:
    assert metrics_in(expression) == names


@pytest.mark.parametrize("alert", list(alerts()), ids=lambda alert: alert["alert"])
def test_every_metric_of_a_rule_exists_in_the_code(alert: dict[str, Any]) -> None:
    asked = metrics_in(alert["expr"])
    assert asked
    assert asked <= metrics_of_the_code() | FROM_PROMETHEUS


@pytest.mark.parametrize("alert", list(alerts()), ids=lambda alert: alert["alert"])
def test_every_alert_says_how_urgent_it_is_and_leads_to_its_section_of_the_runbook(alert: dict[str, Any]) -> None:
    name = alert["alert"]
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"].endswith(".")
    assert alert["annotations"]["runbook"] == f"docs/operations.md#{name.lower()}"
    assert f"### {name}\n" in Path("docs/operations.md").read_text()


def test_no_section_of_the_runbook_is_left_over() -> None:
    sections = re.findall(r"^### (\w+)$", Path("docs/operations.md").read_text(), re.MULTILINE)
    assert sorted(sections) == sorted(alert["alert"] for alert in alerts())


def test_every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_is_silent() -> None:
    fires: set[str] = set()
    silent: set[str] = set()
    for path in PROMETHEUS.glob("tests/*.yml"):
        for case in yaml.safe_load(path.read_text())["tests"]:
            for check in case["alert_rule_test"]:
                (fires if check.get("exp_alerts") else silent).add(check["alertname"])
    names = {alert["alert"] for alert in alerts()}
    assert fires == names
    assert silent == names


def test_prometheus_looks_for_all_four_services() -> None:
    targets = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"][0]["dns_sd_configs"][0]["names"]
    assert sorted(targets) == ["intake", "notifications", "reporting", "routing"]
