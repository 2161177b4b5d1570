"""Terms and figures in words, for people. Pure."""

from datetime import timedelta
from typing import Any, Final

from babel import Locale

from shared.vocabulary import AgeBand, Language, Town

HIDDEN: Final = "hidden"
_LANGUAGES: Final = Locale("en").languages
_TERMS: Final = {
    **{tag: str(_LANGUAGES.get(tag, tag)) for tag in Language.terms()},
    **{town: town.replace("_", " ").title() for town in Town.terms()},
    "other": "Other",
    "hispanic_or_latino": "Hispanic or Latino",
    "american_indian_or_alaska_native": "American Indian or Alaska Native",
    "middle_eastern_or_north_african": "Middle Eastern or North African",
    "native_hawaiian_or_pacific_islander": "Native Hawaiian or Pacific Islander",
    "und": "Not known",
    "sgn": "Sign language",
    "self": "The person themself",
    "dcf": "DCF",
    "cca": "CCA",
    "api": "API",
    "sms": "SMS",
    "email": "E-mail",
    "from_55": "55 and older",
    "p90": "90th percentile",
    "all": "All together",
    **{
        term: term.replace("from_", "").replace("_to_", " to ")
        for term in AgeBand.terms()
        if term.startswith("from_") and "_to_" in term
    },
}


def term(code: str) -> str:
    """A code of ours as people say it: `labor` is Labor, `hartford-pd` is Hartford PD."""
    if code in _TERMS:
        return _TERMS[code]
    if code.endswith("-pd"):
        return code.removesuffix("-pd").replace("-", " ").title() + " PD"
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


def figure(value: Any, unit: str = "", *, column: str = "") -> str:
    """A figure as it is shown. None is a hidden count, or a time or share of nothing."""
    if value is None:
        return "–" if unit in ("seconds", "milliseconds") or "share" in column else HIDDEN
    if "share" in column:
        return f"{value:.0%}"
    if unit in ("seconds", "milliseconds") and column in ("median", "p90", "target"):
        return duration(value if unit == "seconds" else value / 1000)
    return f"{value:,}"


def duration(seconds: float) -> str:
    """A time in its largest fitting unit, with one digit."""
    time = timedelta(seconds=seconds)
    for unit, length in (("days", timedelta(days=2)), ("h", timedelta(hours=2)), ("min", timedelta(minutes=2))):
        if time >= length:
            return f"{time / (length / 2):.1f} {unit}"
    return f"{seconds:.1f} s"
