"""What Prometheus knows."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter

from deploy.compose_test.compose import SERVICES, address
from deploy.compose_test.waiting import until


def query(expression: str) -> list[tuple[dict[str, str], float]]:
    """Labels and value of every series of an instant query; empty while Prometheus does not answer."""
    try:
        url = f"http://{address('prometheus', 9090)}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found = json.load(answer)["data"]["result"]
    except (OSError, urllib.error.URLError, ValueError):
        return []
    return [(series["metric"], float(series["value"][1])) for series in found]


def sees_all_up(instances: dict[str, int]) -> None:
    """Waits until exactly so many instances of each service are targets, and every target is up."""
    wanted = {service: instances.get(service, 1) for service in SERVICES}

    def all_up() -> bool:
        up = query('up{job="services"}')
        return Counter(labels["service"] for labels, _ in up) == wanted and all(value == 1 for _, value in up)

    until(f"Prometheus scrapes {wanted}", all_up, seconds=60, service="prometheus")


def sees(expression: str) -> None:
    """Waits until an expression yields something."""
    until(f"Prometheus: {expression}", lambda: query(expression), seconds=60, service="prometheus")
