"""The level of a posting, by its clues as one belief."""

import math

import pytest
from hypothesis import given, strategies as st

from mopscli.assessment.formulas import FLOATS, Belief, believe
from mopscli.knowledge.postings import LEVEL_NAMES
from mopscli.posting.level import Evidence, chances, find_range, judge_level, level_of
from postings import JUNIOR, SENIOR, knowledge, read

EVEN = [1 / 6] * 6


def test_levels_in_order() -> None:
    """A beginner's job would read as a leader's, or the other way round."""
    assert read(JUNIOR).level.likeliest == "specialist"
    assert read(SENIOR).level.likeliest == "vp"
    assert {read(JUNIOR).family, read(SENIOR).family} == {"operations"}
    assert read(SENIOR).roles[0].key in ("vp", "senior-director")


def test_clues_back_to_their_levels() -> None:
    """What is usual at a level would not speak for that level."""
    postings = knowledge().postings
    assert postings is not None
    for clue in postings.clues.values():
        for number, name in enumerate(LEVEL_NAMES, 1):
            assert level_of(clue, clue.values[name]) == pytest.approx(number, abs=0.01)


@given(st.lists(st.tuples(st.floats(-2, 9), st.floats(0.5, 50)), max_size=8))
def test_chances(said: list[tuple[float, float]]) -> None:
    """The chances would not sum to 1, or follow another rule than Bayes' on a grid of levels."""
    evidence = [Evidence("some", 0.0, y, s2, ()) for y, s2 in said]
    found = judge_level(evidence, EVEN).probabilities
    assert sum(found.values()) == pytest.approx(1)
    likelihoods = [math.exp(-sum((k - y) ** 2 / s2 for y, s2 in said) / 2) for k in range(1, 7)]
    if sum(likelihoods) > 0:
        exact = [one / sum(likelihoods) for one in likelihoods]
        assert list(found.values()) == pytest.approx(exact, abs=2e-3)


@given(st.lists(st.floats(0.001, 1), min_size=6, max_size=6))
def test_range(weights: list[float]) -> None:
    """Another range would be told than the narrow one whose chance is near 0.8."""
    shares = [weight / sum(weights) for weight in weights]
    found = find_range(dict(zip(LEVEL_NAMES, shares, strict=True)))
    start, end = (LEVEL_NAMES.index(name) for name in (found.from_, found.to))
    assert found.probability == pytest.approx(sum(shares[start : end + 1]))
    costs = [abs(sum(shares[i : j + 1]) - 0.8) + 0.04 * (j - i) for i in range(6) for j in range(i, 6)]
    assert abs(found.probability - 0.8) + 0.04 * (end - start) == pytest.approx(min(costs))


def test_nothing_said() -> None:
    """Without clues something else than the shares of levels would be believed."""
    shares = [0.3, 0.1, 0.3, 0.1, 0.1, 0.1]
    assert list(judge_level((), shares).probabilities.values()) == pytest.approx(shares, abs=1e-3)


def test_belief_is_the_same_as_elsewhere() -> None:
    """The level would follow from another formula than the rest of the program."""
    belief = believe(FLOATS, 3.5, 1e4, [(4.0, 1.0)])
    assert chances(belief, EVEN)["senior-manager"] == max(chances(belief, EVEN).values())
    assert chances(Belief(4.0, 1e-4), EVEN)["senior-manager"] == pytest.approx(1)


@pytest.mark.parametrize("years", range(1, 14))
def test_more_years_are_never_more_junior(years: int) -> None:
    """A posting that asks for a year more would read as a more junior job."""
    one, other = (
        read(JUNIOR.replace("1-2 years", f"{many} years")).level.mean for many in (years, years + 1)
    )
    assert other >= one
