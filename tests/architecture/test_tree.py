"""Habits of the whole tree that no linter knows."""

import ast

import pytest

from tests.architecture.tree import CODE, ROOT, calls, parsed


def test_no_service_prints() -> None:
    """Command lines speak through rich or sys.stdout; a service through its log alone."""
    printing = {file for file, module in parsed(*CODE).items() for _, call in calls(module) if _is_print(call)}
    assert printing == set()


def _is_print(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "print"


@pytest.mark.parametrize("word", ["TODO", "FIXME"])
def test_nothing_is_left_to_do_in_the_code(word: str) -> None:
    assert [file for file in parsed(*CODE, "deploy") if word in (ROOT / file).read_text()] == []


def test_every_module_says_what_it_is() -> None:
    assert [file for file, module in parsed(*CODE).items() if module.body and not ast.get_docstring(module)] == []
