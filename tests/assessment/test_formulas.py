"""The formulas, against numerical integration and SciPy's distributions: never against their own results."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.integrate import quad
from scipy.special import chdtrc, ndtr, ndtri

from assessments import Losses, exact_doubt, exact_move, few_examples, normal, points_at, spots
from mopscli.assessment.formulas import (
    FLOATS,
    SCALE,
    Z_90,
    Belief,
    Loss,
    believe,
    better,
    covary_mismatches,
    covary_shortfalls,
    cumulative,
    density,
    flip_risk,
    improbability,
    mismatch,
    most_mismatch,
    most_shortfall,
    read_options,
    shortfall,
    spread_of,
    with_common,
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


# --- How losses vary ------------------------------------------------------------------------------

ON_SCALE = [m for m in MEANS if -0.5 <= m <= 5.5]


def exact_covariance(low: float, high: float, m: float, s: float, *, both: bool) -> float:
    """Return the covariance of two losses by numerical integration."""
    theta, weights = spots(m, s, (low, high))
    one, other = (points_at(((level, both, 1.0),), theta) for level in (low, high))
    return float(weights @ ((one - weights @ one) * (other - weights @ other)))


def exact_loss(level: float, m: float, s: float, *, both: bool) -> Loss:
    """Return a loss and its slope with the exact Phi."""
    z = (level - m) / s
    short = Loss((level - m) * float(ndtr(z)) + s * normal(z), -float(ndtr(z)))
    return Loss(2 * short.expected - (level - m), 2 * short.slope + 1) if both else short


COVARIANCES = [
    pytest.param(covary_shortfalls, shortfall, False, id="shortfall"),
    pytest.param(covary_mismatches, mismatch, True, id="mismatch"),
]


@pytest.mark.parametrize("s", [0.05, 0.55, 1.1, 3.0])
@pytest.mark.parametrize(("formula", "loss", "both"), COVARIANCES)
def test_covariances(formula: Callable[..., float], loss: Formula, both: bool, s: float) -> None:
    """The covariance of two losses, or the variance of one, would not be the integral, but for the error of Phi."""
    for m in ON_SCALE:
        belief = Belief(m, s * s)
        for high in LEVELS:
            for low in range(high + 1):
                exact = exact_covariance(low, high, m, s, both=both)
                losses = (exact_loss(level, m, s, both=both) for level in (low, high))
                at_low, at_high = losses
                assert formula(belief, low, at_low, high, at_high) == pytest.approx(exact, abs=1e-9 * s * s)
                # As the program has it: what the approximate Phi does, against the variance of the trait.
                found = formula(belief, low, loss(FLOATS, low, belief), high, loss(FLOATS, high, belief))
                assert abs(found - exact) < 5e-3 * s * s, (low, high, m)


def test_covariances_by_hand() -> None:
    """A variance at the level itself would not be s^2 (1/2 - 1/2pi), or of both sides not s^2 (1 - 2/pi)."""
    belief = Belief(3.0, 4.0)
    short, off = shortfall(FLOATS, 3, belief), mismatch(FLOATS, 3, belief)
    assert covary_shortfalls(belief, 3, short, 3, short) == pytest.approx(4 * (0.5 - 0.5 / math.pi))
    assert covary_mismatches(belief, 3, off, 3, off) == pytest.approx(4 * (1 - 2 / math.pi))
    # Far below both levels a shortfall is the trait itself, far above one of them nothing.
    low, high = (shortfall(FLOATS, level, Belief(-20.0, 4.0)) for level in (3, 5))
    assert covary_shortfalls(Belief(-20.0, 4.0), 3, low, 5, high) == pytest.approx(4)
    low, high = (shortfall(FLOATS, level, Belief(25.0, 4.0)) for level in (3, 5))
    assert covary_shortfalls(Belief(25.0, 4.0), 3, low, 5, high) == pytest.approx(0, abs=CERTAIN)


lost_levels = st.lists(st.tuples(levels, st.floats(-3, 3)), min_size=1, max_size=2)


@few_examples
@given(st.booleans(), lost_levels, st.floats(0, SCALE), st.floats(0.3, 1.5), st.floats(0.1, 0.99))
def test_spread(both: bool, lost: list[tuple[int, float]], m: float, s: float, share: float) -> None:
    """Answers would be expected to move a lead by more or less than they do by a dense integration."""
    formula, left = mismatch if both else shortfall, share * s * s
    losses: Losses = tuple((level, both, points) for level, points in lost)

    def lead(mean: float) -> float:
        there = Belief(mean, left)
        return sum(points * formula(FLOATS, level, there).expected for level, _, points in losses)

    _, exact, _ = exact_move(losses, m, s, left)
    # The most that so much of the variance can move, were the lead linear.
    most = sum(abs(points) for _, points in lost) ** 2 * (s * s - left)
    assert abs(spread_of(lead, Belief(m, s * s), left) - exact) <= 0.03 * most + 1e-12
    # What is moved and what is left afterwards is the doubt that there is now.
    assert exact <= exact_doubt(losses, m, s)[1] + 1e-9


@pytest.mark.parametrize(("m", "v", "left"), [(2.5, 1.96, 0.3), (-1.0, 0.5, 0.49), (4.0, 1.0, 0.0)])
def test_spread_by_hand(m: float, v: float, left: float) -> None:
    """The spread of powers of a normal variable would not be what its moments say."""
    moved, belief = v - left, Belief(m, v)
    assert spread_of(lambda x: 7.0, belief, left) == pytest.approx(0, abs=CERTAIN)
    assert spread_of(lambda x: 3 - 2 * x, belief, left) == pytest.approx(4 * moved)
    assert spread_of(lambda x: (x - m) ** 2, belief, left) == pytest.approx(2 * moved**2)
    assert spread_of(lambda x: x * x, belief, left) == pytest.approx(4 * m * m * moved + 2 * moved**2)
    # E[x^16] - E[x^8]^2 = 15!! - 7!!^2 is the last moment that nine points have exactly.
    eighth = (math.prod(range(1, 16, 2)) - math.prod(range(1, 8, 2)) ** 2) * moved**8
    assert spread_of(lambda x: (x - m) ** 8, belief, left) == pytest.approx(eighth)


@pytest.mark.parametrize("left", [1.0, 1.1])
def test_nothing_left_to_learn(left: float) -> None:
    """Where no answer is to come, or less than none by rounding, one would be expected to learn something."""
    assert spread_of(lambda x: x, Belief(2.0, 1.0), left) == 0


@pytest.mark.parametrize("together", [0.0, 0.3, 1.0])
def test_traits_that_go_together(together: float) -> None:
    """The variance of a sum over traits would not be that of their errors, from one matrix of all covariances.

    Three traits, each judged from an answer as if there were no others.
    """
    sds, noise, slopes = np.array([1.4, 1.1, 0.8]), np.array([0.36, 1.6, 2.0]), np.array([-3.0, 2.0, 0.7])
    v = 1 / (1 / sds**2 + 1 / noise)
    prior = np.outer(sds, sds) * (together + (1 - together) * np.eye(3))
    # The error is (1 - k) e - k (theta - mu), with k = v / sd^2 and the noise e.
    kept = np.diag(v / sds**2)
    error = kept @ prior @ kept + np.diag((1 - v / sds**2) ** 2 * noise)
    x = slopes * v / sds
    found = with_common(FLOATS, float(slopes**2 @ v), together, float(x.sum()), float(x @ x))
    assert found == pytest.approx(slopes @ error @ slopes)


def test_a_variance_is_never_negative() -> None:
    """The square root of a variance would fail where rounding, or traits that cancel out, bring it below 0."""
    assert with_common(FLOATS, -1e-9, 0.0, 0.0, 0.0) == 0
    assert with_common(FLOATS, 1.0, 1.0, 0.0, 2.0) == 0


# --- What an answer says --------------------------------------------------------------------------

QUESTIONS = [
    pytest.param((2.5, 1.96), 0.36, (0, 1, 2, 3, 4, 5), id="skill"),
    pytest.param((2.5, 1.21), 1.5625, (0, 1.25, 2.5, 3.75, 5), id="statement"),
    pytest.param((4.0, 0.25), 0.09, (0, 2.5, 5), id="unlikely"),
    pytest.param((0.0, 4.0), 25.0, (0, 1.25, 2.5, 3.75, 5), id="noisy"),
]
drawn_priors = st.tuples(st.floats(0, SCALE), st.floats(0.04, 9))
drawn_places = st.lists(st.integers(0, 20), min_size=2, max_size=7, unique=True).map(
    lambda steps: [step / 4 for step in sorted(steps)]
)


def middles(places: Sequence[float]) -> list[float]:
    """Return where the options begin and end: halfway to their neighbors, the outer ones nowhere."""
    return [-math.inf, *((one + other) / 2 for one, other in pairwise(places)), math.inf]


@pytest.mark.parametrize(("prior", "s2", "places"), QUESTIONS)
def test_options_against_bayes(prior: tuple[float, float], s2: float, places: Sequence[float]) -> None:
    """An option would move the prior to another mean or variance than "theta + noise is nearest to it" does."""
    (mu, tau2), readings = prior, read_options(*prior, s2, places)
    bounds = mu - 9 * tau2**0.5, mu + 9 * tau2**0.5
    left = 0.0
    for reading, (start, end) in zip(readings.options, pairwise(middles(places)), strict=True):

        def weight(theta: float, start: float = start, end: float = end) -> float:
            chosen = ndtr((end - theta) / s2**0.5) - ndtr((start - theta) / s2**0.5)
            return float(normal((theta - mu) / tau2**0.5) / tau2**0.5 * chosen)

        near = [min(max(x, bounds[0]), bounds[1]) for x in (start, mu, end)]
        share, first, second = (
            quad(lambda t, n=n: (t - mu) ** n * weight(t), *bounds, epsabs=1e-13, points=near)[0]
            for n in range(3)
        )
        mean, variance = mu + first / share, second / share - (first / share) ** 2
        belief = believe(FLOATS, *prior, [reading])
        assert belief == pytest.approx((mean, variance), rel=1e-5)
        left += share * variance
    # An answer whose option is not known yet leaves so much on average.
    assert 1 / (1 / tau2 + 1 / readings.expected) == pytest.approx(left, rel=1e-6)


@given(drawn_priors, st.floats(0.04, 9), drawn_places)
def test_options_together(prior: tuple[float, float], s2: float, places: list[float]) -> None:
    """The options would not have the prior's mean together, or mean and variance not add up to its variance."""
    (mu, tau2), readings = prior, read_options(*prior, s2, places)
    spread = math.sqrt(tau2 + s2)
    shares = [
        ndtr((end - mu) / spread) - ndtr((start - mu) / spread) for start, end in pairwise(middles(places))
    ]
    means = [believe(FLOATS, *prior, [reading]).m for reading in readings.options]
    assert sum(share * m for share, m in zip(shares, means, strict=True)) == pytest.approx(mu, abs=1e-6)
    moved = sum(share * (m - mu) ** 2 for share, m in zip(shares, means, strict=True))
    assert tau2 - moved == pytest.approx(1 / (1 / tau2 + 1 / readings.expected), abs=1e-6)
    likely = [reading for share, reading in zip(shares, readings.options, strict=True) if share > 1e-6]
    # Whoever rounds says less than the number itself, and a higher option never speaks for a lower level.
    assert all(reading.s2 >= s2 * (1 - 1e-6) for reading in likely)
    assert means == sorted(means)


@given(drawn_priors, st.floats(0.04, 9), drawn_places)
def test_options_turned_around(prior: tuple[float, float], s2: float, places: list[float]) -> None:
    """The low end of a scale would be read otherwise than the high one."""
    one = read_options(*prior, s2, places)
    other = read_options(SCALE - prior[0], prior[1], s2, [SCALE - place for place in reversed(places)])
    assert one.expected == pytest.approx(other.expected, rel=1e-6)
    for mine, yours in zip(one.options, reversed(other.options), strict=True):
        assert (mine.y, mine.s2) == pytest.approx((SCALE - yours.y, yours.s2), rel=1e-6, abs=1e-6)


def test_options_that_few_choose() -> None:
    """An option that three in a thousand million choose would be read worse at the high end than at the low one."""
    prior, s2 = (0.0, 0.3), 0.28
    high = read_options(*prior, s2, range(6)).options[-1]
    low = read_options(SCALE - prior[0], prior[1], s2, range(6)).options[0]
    share = ndtr(-4.5 / math.sqrt(prior[1] + s2))
    assert 1e-9 < share < 5e-9
    assert high.s2 != s2
    assert (high.y, high.s2) == pytest.approx((SCALE - low.y, low.s2), rel=1e-9)


def test_options_by_hand() -> None:
    """Of two options, either would not be half of a normal distribution, or a narrow one not add width^2 / 12."""
    # With prior and noise of 1, a half moves the mean by 1/sqrt(pi) and leaves a variance of 1 - 1/pi.
    two = read_options(2.5, 1.0, 1.0, (0, 5))
    root = math.sqrt(math.pi)
    assert two.options[0] == pytest.approx((2.5 - root, math.pi - 1))
    assert two.options[1] == pytest.approx((2.5 + root, math.pi - 1))
    assert two.expected == pytest.approx(math.pi - 1)
    for place, reading in list(enumerate(read_options(2.5, 1e4, 0.36, range(6)).options))[1:-1]:
        assert reading == pytest.approx((place, 0.36 + 1 / 12), abs=1e-3)


def test_an_option_that_nobody_chooses() -> None:
    """An answer that prior and noise all but exclude would make the calculation fail, or be read as another one."""
    readings = read_options(0.0, 1e-4, 1e-4, range(6))
    assert readings.options[3:] == ((3, 1e-4), (4, 1e-4), (5, 1e-4))
    # Next to everybody gives the lowest answer, so that it says next to nothing.
    assert readings.options[0].s2 > 1e3 * 1e-4
    assert all(math.isfinite(x) and reading.s2 > 0 for reading in readings.options for x in reading)


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


@given(deltas, variances)
def test_flip_risk_is_phi(delta: float, movable: float) -> None:
    """The flip risk would not be the chance that what is to come takes the difference to the other side."""
    risk = flip_risk(FLOATS, delta, movable)
    assert 0 <= risk <= 0.5
    assert risk == flip_risk(FLOATS, -delta, movable)
    assert abs(risk - ndtr(-abs(delta) / math.sqrt(movable))) < PHI_ERROR


@pytest.mark.parametrize("delta", [-4.0, 0.0, 4.0])
@pytest.mark.parametrize("movable", [0.0, -1e-9])
def test_flip_risk_at_the_end(delta: float, movable: float) -> None:
    """With nothing left to learn, or less than nothing by rounding, a verdict would still turn."""
    assert flip_risk(FLOATS, delta, movable) == 0


@pytest.mark.parametrize("degrees", range(1, 31))
def test_improbability(degrees: int) -> None:
    """The tail of the chi-square distribution would not be SciPy's, at some degrees of freedom."""
    for chi2 in (0.0, 1e-9, 0.1, 1.0, 3.84, 6.63, 10.0, 25.0, 50.0, 200.0, 1_000.0):
        expected = chdtrc(degrees, chi2)
        assert improbability(chi2, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-300)
