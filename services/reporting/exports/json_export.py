"""Figures as JSON: the same bytes for the same content. What is frozen is kept so. Pure."""

import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """The same bytes for the same content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
