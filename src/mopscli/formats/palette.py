"""The colors of roles, the same on a terminal, on a page and in a picture; nothing is told by color alone."""

from typing import Final, NamedTuple


class Accent(NamedTuple):
    """A color, for text on white paper, for text on a dark page, and for a terminal of either kind."""

    light: str
    dark: str
    terminal: str


# Each has a contrast of at least 4.5 to 1 on its page; those of a terminal have 3.6 on black and on white.
PALETTE: Final = (
    Accent("#0b63b0", "#6db3f2", "color(32)"),
    Accent("#b35900", "#f2a65a", "color(166)"),
    Accent("#2e7d32", "#81c784", "color(29)"),
    Accent("#8e3a8e", "#d79ad7", "color(133)"),
    Accent("#b3302f", "#f08f8e", "color(167)"),
    Accent("#56700f", "#b5cf6b", "color(64)"),
    Accent("#6a4fa3", "#b9a3e3", "color(97)"),
    Accent("#00707a", "#63c7d0", "color(30)"),
)


def accent(number: int) -> Accent:
    """Return the color that a number stands for; there are eight, and then they begin anew."""
    return PALETTE[number % len(PALETTE)]
