"""How pages say amounts."""

import pytest

from mopscli.pages.phrases import counted, percent, shares


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0, "less than 1"),
        (0.009, "less than 1"),
        (0.01, "1"),
        (0.5, "50"),
        (0.949, "94"),
        (0.99, "99"),
        (0.995, "more than 99"),
        (1, "more than 99"),
    ],
)
def test_percent(probability: float, said: str) -> None:
    """Something would be called certain, or what is likely not be told from what is nearly so."""
    assert percent(probability) == said


def test_counted() -> None:
    """A page would say '1 statements'."""
    assert [counted(n, "row", "rows") for n in (0, 1, 2, 1000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((2, 2, 2), [34, 33, 33]),
        ((1, 0, 0), [100, 0, 0]),
        ((0, 0), [0, 0]),
        ((1, 199), [1, 99]),
        ((1, 999), [0, 100]),
        ((7,), [100]),
        ((), []),
    ],
)
def test_shares_of_a_whole(counts: tuple[int, ...], said: list[int]) -> None:
    """The percentages of a whole would add up to 99 or 101."""
    assert shares(counts) == said
