"""The data dictionary: every measure's definition as a Markdown table. Pure."""

from services.reporting.measures import MEASURES

HEAD = ("measure", "what it says", "counted or timed", "out of", "unit", "by", "counted by", "from events", "mind")


def measures_table() -> str:
    """One row a measure, in the order of the report."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for measure in MEASURES:
        told = measure.describe()
        by, events = ", ".join(told["by"]), ", ".join(_short(event) for event in told["source_events"])
        words = (told["definition"], told["numerator"], told["denominator"], told["unit"])
        rows.append((f"`{measure.name}`", *words, by, ", ".join(told["counted_by"]), events, told["caveat"]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _short(event: str) -> str:
    return event.removeprefix("org.rhtrt.").removesuffix(".v1")
