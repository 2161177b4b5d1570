"""How far a share of few can be trusted. Pure."""

from math import sqrt
from typing import Final

Z95: Final = 1.959963984540054
"""The two-sided 95 percent quantile of the normal distribution."""


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 percent interval for the share `part` of `whole`, to four digits; it holds at 0, at all, and of few.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927). ValueError of none.
    """
    if not 0 <= part <= whole or not whole:
        raise ValueError("a share is a part of at least one")
    share, square = part / whole, Z95**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z95 / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)
