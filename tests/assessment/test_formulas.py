"""The formulas, against numerical integration and SciPy's distributions: never against their own results."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st
from scipy.integrate import quad
from scipy.special import chdtrc, ndtr, ndtri

from assessments import normal
from mopscli.assessment.formulas import (
    FLOATS,
    SCALE,
    Z_90,
    Belief,
    Loss,
    believe,
    better,
    cumulative,
    density,
    flip_risk,
    improbability,
    mismatch,
    most_mismatch,
    most_shortfall,
    shortfall,
)

LEVELS = range(SCALE + 1)
# Halves and the ends, and values that meet no level; what cannot happen (below 0, above 5) is included.
MEANS = (-3.0, -1.7, -0.5, 0.0, 0.01, 0.77, 1.0, 2.0, 2.5, 3.1, 4.0, 4.99, 5.0, 5.5, 6.6, 8.0)
SDS = (0.01, 0.1, 0.3, 0.6, 1.0, 1.4, 2.2, 3.5, 5.0)
TOLERANCE = 2e-3
PHI_ERROR = 1.5e-4
CERTAIN = 1e-12

Formula = Callable[..., Loss]
Reference = Callable[[float, float, float], float]

levels = st.integers(0, SCALE)
means = st.floats(-3, 8)
sds = st.floats(0.01, 5)


def integral(level: float, m: float, s: float, *, both: bool) -> float:
    """Return E[max(0, level - theta)], or of both sides E[|theta - level|], by numerical integration."""
    z = min(max((level - m) / s, -12.0), 12.0)
    below = quad(lambda t: (level - m - s * t) * normal(t), -12, z, epsabs=1e-10)[0]
    above = quad(lambda t: (m + s * t - level) * normal(t), z, 12, epsabs=1e-10)[0] if both else 0.0
    return float(below + above)


def exact_shortfall(level: float, m: float, s: float) -> float:
    """Return the expected shortfall by numerical integration."""
    return integral(level, m, s, both=False)


def exact_mismatch(level: float, m: float, s: float) -> float:
    """Return the expected mismatch by numerical integration."""
    return integral(level, m, s, both=True)


FORMULAS = [
    pytest.param(shortfall, exact_shortfall, id="shortfall"),
    pytest.param(mismatch, exact_mismatch, id="mismatch"),
]


# --- The normal distribution ----------------------------------------------------------------------


def test_cumulative_everywhere() -> None:
    """Phi would be farther from the truth than is promised, or leave the range from 0 to 1."""
    for step in range(-10_000, 10_001):
        z = step / 1_000
        phi = cumulative(FLOATS, z)
        assert abs(phi - 0.5 * math.erfc(-z / math.sqrt(2))) < PHI_ERROR
        assert 0 <= phi <= 1
    assert abs(cumulative(FLOATS, 1.0) - ndtr(1.0)) < PHI_ERROR


def test_density_everywhere() -> None:
    """The density would not be the normal one between -8 and 8, or not as good as 0 beyond."""
    for step in range(-1_000, 1_001):
        z = step / 100
        assert density(FLOATS, z) == pytest.approx(normal(z), abs=1e-14)


@pytest.mark.parametrize("z", [1e3, 1e8, 1e308, math.inf])
def test_far_out(z: float) -> None:
    """A level that is thousands of standard deviations away would overflow, or not be certain."""
    assert cumulative(FLOATS, z) == pytest.approx(1, abs=CERTAIN)
    assert cumulative(FLOATS, -z) == pytest.approx(0, abs=CERTAIN)
    assert density(FLOATS, z) == density(FLOATS, -z) == pytest.approx(0, abs=CERTAIN)


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_cumulative_rises(one: float, other: float) -> None:
    """A larger z would have a smaller probability below it, or the two sides not make a whole."""
    low, high = sorted((one, other))
    assert cumulative(FLOATS, low) <= cumulative(FLOATS, high)
    assert cumulative(FLOATS, low) + cumulative(FLOATS, -low) == pytest.approx(1, abs=1e-15)


def test_interval_constant() -> None:
    """A 90 % interval would hold another share than 90 %."""
    assert pytest.approx(ndtri(0.95), abs=1e-12) == Z_90


# --- Losses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("formula", "exact"), FORMULAS)
def test_expected_losses(formula: Formula, exact: Reference, level: int) -> None:
    """A closed form would be more than 2e-3 of a level from the integral, somewhere in the whole range."""
    for m in MEANS:
        for s in SDS:
            expected = formula(FLOATS, level, Belief(m, s * s)).expected
            # The error is at most that of Phi times the distance, twice for a mismatch: no belief whose prior
            # and answers are on the scale is more than 5 away, so that 2e-3 holds for all of those.
            sides = 2 if formula is mismatch else 1
            allowed = TOLERANCE if abs(level - m) <= 13 / sides else sides * PHI_ERROR * abs(level - m)
            assert abs(expected - exact(level, m, s)) < allowed, (level, m, s)


@pytest.mark.parametrize(("formula", "exact"), FORMULAS)
@given(level=levels, m=means, s=sds)
def test_losses_between_the_grid(formula: Formula, exact: Reference, level: int, m: float, s: float) -> None:
    """A closed form would leave the integral between the points of the table."""
    expected = formula(FLOATS, level, Belief(m, s * s)).expected
    assert abs(expected - exact(level, m, s)) < (TOLERANCE if abs(level - m) < 6.5 else 2 * PHI_ERROR * 11)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("formula", "exact"), FORMULAS)
def test_slopes(formula: Formula, exact: Reference, level: int) -> None:
    """A slope would not be how the exact loss changes with the mean."""
    for m in MEANS:
        for s in (0.05, 0.6, 1.4, 5.0):
            step = s / 1_000
            change = exact(level, m + step, s) - exact(level, m - step, s)
            slope = formula(FLOATS, level, Belief(m, s * s)).slope
            assert abs(slope - change / (2 * step)) < 2 * PHI_ERROR + 1e-5, (level, m, s)


@given(level=levels, m=means, s=sds)
def test_losses_are_bounded(level: int, m: float, s: float) -> None:
    """A loss would be below that of a known level, or the sides not add up to the mismatch."""
    belief, turned = Belief(m, s * s), Belief(SCALE - m, s * s)
    short, off = shortfall(FLOATS, level, belief), mismatch(FLOATS, level, belief)
    beyond = shortfall(FLOATS, SCALE - level, turned)
    assert short.expected >= max(0.0, level - m) - CERTAIN
    assert off.expected >= abs(level - m) - CERTAIN
    assert off.expected == pytest.approx(short.expected + beyond.expected, abs=CERTAIN)
    assert off.slope == pytest.approx(short.slope - beyond.slope, abs=CERTAIN)
    assert -1 <= short.slope <= 0
    assert -1 <= off.slope <= 1


@given(level=levels, one=means, other=means, s=sds)
def test_more_of_a_skill_is_never_worse(level: int, one: float, other: float, s: float) -> None:
    """A higher mean would make the shortfall larger, or the mismatch smaller beyond the level."""
    low, high = sorted((one, other))
    assert (
        shortfall(FLOATS, level, Belief(high, s * s)).expected
        <= shortfall(FLOATS, level, Belief(low, s * s)).expected + CERTAIN
    )
    if low >= level:
        assert (
            mismatch(FLOATS, level, Belief(high, s * s)).expected
            >= mismatch(FLOATS, level, Belief(low, s * s)).expected - CERTAIN
        )


@pytest.mark.parametrize("level", LEVELS)
def test_most_losses(level: int) -> None:
    """The most that can be lost would not be what the worst level on the scale loses."""
    surely = [Belief(theta, 1e-8) for theta in LEVELS]
    worst = max(shortfall(FLOATS, level, belief).expected for belief in surely)
    assert most_shortfall(level) == pytest.approx(worst, abs=1e-3)
    worst = max(mismatch(FLOATS, level, belief).expected for belief in surely)
    assert most_mismatch(level) == pytest.approx(worst, abs=1e-3)


# --- Beliefs --------------------------------------------------------------------------------------

priors = st.tuples(st.floats(0, SCALE), st.floats(1e-4, 100))
answers = st.lists(st.tuples(st.floats(0, SCALE), st.floats(1e-4, 100)), max_size=6)
Answers = list[tuple[float, float]]


def test_believe_by_hand() -> None:
    """A belief would not be what comes out on paper: prior N(2, 1), answers 4 and 5, variances 1 and 0.5."""
    # Precision 1 + 1 + 2 = 4; weighted 2 + 4 + 10 = 16.
    assert believe(FLOATS, 2.0, 1.0, [(4.0, 1.0), (5.0, 0.5)]) == Belief(4.0, 0.25)


def test_losses_by_hand() -> None:
    """A loss would not be what tables give: at the level itself s/sqrt(2 pi), one s below it 1.0833 s."""
    assert shortfall(FLOATS, 3, Belief(3.0, 4.0)) == pytest.approx((0.79788, -0.5), abs=1e-4)
    assert mismatch(FLOATS, 3, Belief(3.0, 4.0)) == pytest.approx((1.59577, 0.0), abs=1e-4)
    assert shortfall(FLOATS, 4, Belief(2.0, 4.0)) == pytest.approx((2.16663, -0.84134), abs=4e-4)
    assert mismatch(FLOATS, 4, Belief(2.0, 4.0)) == pytest.approx((2.33326, -0.68269), abs=8e-4)


def test_believe_against_bayes() -> None:
    """A belief would not be prior times likelihood, normalised and integrated numerically."""
    given_answers = [(4.0, 0.36), (1.25, 1.21), (5.0, 0.81)]

    def weight(theta: float) -> float:
        factors = [(2.5, 1.96), *given_answers]
        return math.exp(-sum((theta - y) ** 2 / (2 * s2) for y, s2 in factors))

    whole, first, second = (
        quad(lambda theta, power=power: theta**power * weight(theta), -10, 15, epsabs=1e-14, points=[3.5])[0]
        for power in range(3)
    )
    belief = believe(FLOATS, 2.5, 1.96, given_answers)
    assert belief.m == pytest.approx(first / whole, abs=1e-6)
    assert belief.v == pytest.approx(second / whole - (first / whole) ** 2, abs=1e-6)


@given(priors)
def test_no_answer_is_the_prior(prior: tuple[float, float]) -> None:
    """Without answers, something else than the prior would be believed."""
    mu, tau2 = prior
    assert believe(FLOATS, mu, tau2, []) == pytest.approx((mu, tau2))


@given(priors, answers, st.data())
def test_order_of_answers(prior: tuple[float, float], given_answers: Answers, data: st.DataObject) -> None:
    """The order of the answers would change what is believed."""
    turned = data.draw(st.permutations(given_answers))
    one, other = believe(FLOATS, *prior, given_answers), believe(FLOATS, *prior, turned)
    assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


@given(priors, answers, st.integers(0, 6), st.floats(1e-4, 100))
def test_missing_answers(
    prior: tuple[float, float], given_answers: Answers, position: int, s2: float
) -> None:
    """A missing answer would count as an answer."""
    with_gap = [*given_answers[:position], (math.nan, s2), *given_answers[position:]]
    assert believe(FLOATS, *prior, with_gap) == believe(FLOATS, *prior, given_answers)


@given(priors, answers, st.floats(0, SCALE), st.floats(1e-4, 100))
def test_variance_never_grows(
    prior: tuple[float, float], given_answers: Answers, y: float, s2: float
) -> None:
    """An answer more would make one less sure, or move the mean away from itself or off the scale."""
    before = believe(FLOATS, *prior, given_answers)
    after = believe(FLOATS, *prior, [*given_answers, (y, s2)])
    assert 0 < after.v <= before.v
    assert after.v <= s2 * (1 + CERTAIN)
    low, high = sorted((before.m, y))
    assert low - 1e-9 <= after.m <= high + 1e-9


@given(priors, st.floats(0, SCALE), st.floats(0, SCALE), st.floats(1e-4, 100))
def test_higher_answers_raise_the_mean(
    prior: tuple[float, float], one: float, other: float, s2: float
) -> None:
    """A higher answer would lead to a lower belief."""
    low, high = sorted((one, other))
    assert believe(FLOATS, *prior, [(low, s2)]).m <= believe(FLOATS, *prior, [(high, s2)]).m + CERTAIN


# --- Verdicts -------------------------------------------------------------------------------------

deltas = st.floats(-200, 200)
variances = st.floats(1e-6, 1e4)


@given(deltas, variances)
def test_better_is_phi(delta: float, variance: float) -> None:
    """The probability of fitting better would not be that of a normal difference above 0."""
    exact = ndtr(delta / math.sqrt(variance))
    assert abs(better(FLOATS, delta, variance) - exact) < PHI_ERROR
    assert better(FLOATS, delta, variance) + better(FLOATS, -delta, variance) == pytest.approx(1)


@pytest.mark.parametrize(
    ("delta", "expected"), [(3.0, 1.0), (1e-9, 1.0), (0.0, 0.5), (-1e-9, 0.0), (-3.0, 0.0)]
)
def test_better_without_doubt(delta: float, expected: float) -> None:
    """Where nothing is in doubt, the verdict would be in doubt or the division fail."""
    assert better(FLOATS, delta, 0.0) == expected


@given(deltas, variances, variances)
def test_flip_risk_is_phi(delta: float, one: float, other: float) -> None:
    """The flip risk would not be the chance that what is left takes the difference to the other side."""
    end, now = sorted((one, other))
    risk = flip_risk(FLOATS, delta, now, end)
    assert 0 <= risk <= 0.5
    assert risk == flip_risk(FLOATS, -delta, now, end)
    if now > end:
        assert abs(risk - ndtr(-abs(delta) / math.sqrt(now - end))) < PHI_ERROR


@pytest.mark.parametrize("delta", [-4.0, 0.0, 4.0])
@pytest.mark.parametrize("end", [2.0, 2.1])
def test_flip_risk_at_the_end(delta: float, end: float) -> None:
    """With nothing left to learn, or less than nothing by rounding, a verdict would still turn."""
    assert flip_risk(FLOATS, delta, 2.0, end) == 0


@pytest.mark.parametrize("degrees", range(1, 31))
def test_improbability(degrees: int) -> None:
    """The tail of the chi-square distribution would not be SciPy's, at some degrees of freedom."""
    for chi2 in (0.0, 1e-9, 0.1, 1.0, 3.84, 6.63, 10.0, 25.0, 50.0, 200.0, 1_000.0):
        expected = chdtrc(degrees, chi2)
        assert improbability(chi2, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-300)
