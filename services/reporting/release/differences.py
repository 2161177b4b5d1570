"""What differs between two versions of the same figures. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.reporting.measures import BY_NAME

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every figure that differs between two contents, each with its basis."""
    by = {name: measure.by for name, measure in BY_NAME.items()}
    return [
        {"counted_by": basis, **change}
        for basis in after["figures"]
        for change in differences(before["figures"].get(basis, {}), after["figures"][basis], by)
    ]


def differences(before: Tables, after: Tables, by: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Every figure that was one thing and is another; a row that is not there is None. `by`: the columns that name a row."""
    return list(_differences(before, after, by))


def _differences(before: Tables, after: Tables, by: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    for measure in {**before, **after}:
        old, new = (_by_name(tables.get(measure, ()), by[measure]) for tables in (before, after))
        for name in {**old, **new}:
            was, now = old.get(name, {}), new.get(name, {})
            for column in {**was, **now}:
                if was.get(column) != now.get(column):
                    row = dict(zip(by[measure], name, strict=True))
                    yield {"measure": measure, "row": row, "column": column, "was": was.get(column), "is": now.get(column)}


def _by_name(rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[column] for column in by): {c: v for c, v in row.items() if c not in by} for row in rows}
