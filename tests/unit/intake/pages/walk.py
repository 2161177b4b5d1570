"""Walking through the form as a browser without script does."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx
from altcha import v1 as altcha

CHOSEN = {"danger": "no", "who": "other", "relation": "family", "contact": "not_wanted", "town": "hartford"}
"""What is chosen where nothing else is said; else the first choice."""


def hidden(page: str, name: str) -> str:
    """A hidden field's value."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def heading(page: str) -> str:
    """The page's heading as it is read."""
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found, "no heading"
    return unescape(re.sub("<[^>]*>", "", found[1])).strip()


def filled(page: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The page's fields, with these answers by field, and any for the others."""
    fields = {"state": hidden(page, "state"), "page": hidden(page, "page")}
    for name, value in re.findall(r'type="radio" id="[^"]*" name="([^"]*)" value="([^"]*)"', page):
        fields.setdefault(name, answers.get(name, CHOSEN.get(name, value)))
    for name in re.findall(r'type="checkbox" id="[^"]*" name="([^"]*)"', page):
        if name in answers:
            fields[name] = answers[name]
    for name in re.findall(r'<(?:textarea|input) class="usa-(?:textarea|input)" id="([^"]*)"', page):
        fields[name] = answers.get(name, "")
    return fields


async def to_the_end(client: httpx.AsyncClient, way: str, language: str = "en", **answers: str) -> str:
    """The check page, reached from the first question."""
    page = (await client.get(f"/{language}/tell/{way}")).text
    for _ in range(40):
        if hidden(page, "page") == "check":
            return page
        answer = await client.post(f"/{language}/tell", data=filled(page, answers) | {"do": "on"})
        assert answer.status_code == 200, (answer.status_code, heading(answer.text))
        page = answer.text
    raise AssertionError("the form has no end")


def solved(puzzle: Mapping[str, Any]) -> str:
    """The puzzle's solution, as the page's script sends it."""
    found = altcha.solve_challenge(puzzle["challenge"], puzzle["salt"], puzzle["algorithm"], puzzle["maxNumber"])
    assert found
    return base64.b64encode(json.dumps({**puzzle, "number": found.number}).encode()).decode()


def puzzle_on(page: str) -> dict[str, Any]:
    """The puzzle that a page asks for."""
    found = re.search(r'data-puzzle="([^"]*)"', page)
    assert found, heading(page)
    puzzle: dict[str, Any] = json.loads(unescape(found[1]))
    return puzzle
