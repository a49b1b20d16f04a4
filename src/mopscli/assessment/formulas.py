"""The measurement and fit formulas, written once over an operand; knows nothing of roles, questions or files.

A number here is anything that adds, multiplies and divides: a float in an interview, an SQL expression in a
batch. What the two do not share comes from Operations. docs/model.md explains the formulas in the same symbols.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple, Protocol

# A float or an SQL expression.
Number = Any

SCALE: Final = 5
SIGNIFICANT: Final = 0.01
SAME_ANSWERS: Final = 10
# The factors of t to the powers 5 to 1; the first has four digits more than published, so that Phi(0) is 1/2.
HASTINGS: Final = (1.3302744303155, -1.821255978, 1.781477937, -0.356563782, 0.319381530)
LEAST_SHARE: Final = 1e-9  # What fewer choose, or what moves a belief by less, is beyond these figures.
Z_90: Final = 1.6448536269514722  # Phi(Z_90) = 0.95: a 90 % interval leaves 5 % on either side.


class Operations(Protocol):
    """What a formula needs besides arithmetic."""

    def exp(self, x: Number) -> Number:
        """Return e to the power of x."""

    def sqrt(self, x: Number) -> Number:
        """Return the square root of x, which is not negative."""

    def where(self, condition: Number, then: Number, otherwise: Number) -> Number:
        """Return one of two numbers; both may be evaluated."""

    def is_missing(self, x: Number) -> Number:
        """Tell whether x is no number."""

    def let(self, name: str, x: Number) -> Number:
        """Return x, to be used more than once under this name."""


class Floats:
    """Operations on floats; NaN is what is missing."""

    def exp(self, x: float) -> float:
        """Return e to the power of x."""
        return math.exp(x)

    def sqrt(self, x: float) -> float:
        """Return the square root of x, which is not negative."""
        return math.sqrt(x)

    def where(self, condition: bool, then: float, otherwise: float) -> float:
        """Return one of two numbers."""
        return then if condition else otherwise

    def is_missing(self, x: float) -> bool:
        """Tell whether x is NaN."""
        return math.isnan(x)

    def let(self, name: str, x: float) -> float:
        """Return x."""
        return x


FLOATS: Final[Operations] = Floats()


class Belief(NamedTuple):
    """What is believed of a trait: a normal distribution on the scale from 0 to 5."""

    m: Number
    v: Number


class Reading(NamedTuple):
    """What an answer says of a trait: a level y, and the variance s2 of its error, in squared levels."""

    y: Number
    s2: Number


class Readings(NamedTuple):
    """What is read from each option of a question, and the variance of error that an answer is expected to have."""

    options: tuple[Reading, ...]
    expected: float


def read_options(mu: float, tau2: float, s2: float, places: Sequence[float]) -> Readings:
    """Return what is read from the options of a question, each standing for all that is nearest to its place.

    Each is the normal reading that moves the prior to the same mean and variance as the option does, by the moments
    of a truncated normal (Johnson, Kotz and Balakrishnan 1994, 13.10.1). What an option leaves open adds to the
    noise: about width^2 / 12 in the middle of the scale (Sheppard 1898), more at its ends, whose options hold all
    that lies beyond.

    Args:
        mu: mean of the prior, in levels.
        tau2: variance of the prior, above 0.
        s2: variance of the noise, above 0.
        places: where the options lie, in levels, from the lowest to the highest.

    """
    total = tau2 + s2
    middles = [(one + other) / 2 for one, other in pairwise(places)]
    edges = [(edge - mu) / math.sqrt(total) for edge in (-math.inf, *middles, math.inf)]
    readings, left = [], 0.0
    for place, (start, end) in zip(places, pairwise(edges), strict=True):
        # Far out, the two tails are told apart better from the near side.
        share = _tail(start) - _tail(end) if start > 0 else _tail(-end) - _tail(-start)
        if share < LEAST_SHARE:
            readings.append(Reading(place, s2))
            continue
        drop = (_normal(start) - _normal(end)) / share
        spread = 1 + (_at_edge(start) - _at_edge(end)) / share - drop * drop
        mean = tau2 / math.sqrt(total) * drop
        variance = tau2 * (s2 + tau2 * max(0.0, spread)) / total
        error = tau2 * variance / max(tau2 - variance, LEAST_SHARE * tau2)
        readings.append(Reading(mu + mean + mean * error / tau2, error))
        left += share * variance
    return Readings(tuple(readings), tau2 * left / max(tau2 - left, LEAST_SHARE * tau2))


def _tail(z: float) -> float:
    return math.erfc(z / math.sqrt(2)) / 2


def _normal(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _at_edge(z: float) -> float:
    return 0.0 if math.isinf(z) else z * _normal(z)


def believe(ops: Operations, mu: float, tau2: float, answers: Iterable[tuple[Number, Number]]) -> Belief:
    """Return the belief about a trait after some answers: the posterior, as prior and noise are normal.

    Args:
        ops: how to calculate.
        mu: mean of the prior, in levels.
        tau2: variance of the prior, above 0.
        answers: what each answer says, y and s2 of a Reading; both are missing where there is no answer.

    """
    precision: Number = 1 / tau2
    weighted: Number = mu / tau2
    for y, s2 in answers:
        missing = ops.is_missing(y)
        precision = precision + ops.where(missing, 0.0, 1 / s2)
        weighted = weighted + ops.where(missing, 0.0, y / s2)
    return Belief(ops.let("m", weighted / precision), ops.let("v", 1 / precision))


def cumulative(ops: Operations, z: Number) -> Number:
    """Return Phi(z), the standard normal distribution (Abramowitz and Stegun 26.2.17, Hastings 1955).

    The error is below 7.5e-8, and small beside the tail itself; z is clamped to +-8, where Phi differs from 0 and 1
    by less than 1e-15.
    """
    z = _clamp(ops, z)
    t = ops.let("t", 1 / (1 + 0.2316419 * ops.where(z < 0, -z, z)))
    sum_of_powers: Number = 0.0
    for factor in HASTINGS:
        sum_of_powers = t * (sum_of_powers + factor)
    tail = ops.let("tail", density(ops, z) * sum_of_powers)
    return ops.where(z < 0, tail, 1 - tail)


def density(ops: Operations, z: Number) -> Number:
    """Return phi(z), the standard normal density; z is clamped to +-8."""
    z = _clamp(ops, z)
    return ops.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _clamp(ops: Operations, z: Number) -> Number:
    return ops.let("z", ops.where(z < -8.0, -8.0, ops.where(z > 8.0, 8.0, z)))


class Loss(NamedTuple):
    """What a trait is expected to take from a fit, in levels, and how that changes with the trait's mean."""

    expected: Number
    slope: Number


def shortfall(ops: Operations, level: float, belief: Belief) -> Loss:
    """Return E[max(0, L - theta)], how far one is expected to fall short of a level, and its slope -Phi(z)."""
    s = ops.let("s", ops.sqrt(belief.v))
    z = ops.let("distance", (level - belief.m) / s)
    below = ops.let("below", cumulative(ops, z))
    return Loss((level - belief.m) * below + s * density(ops, z), -below)


def mismatch(ops: Operations, level: float, belief: Belief) -> Loss:
    """Return E[|theta - L|], how far one is expected to be from a level, and its slope 1 - 2 Phi(z)."""
    s = ops.let("s", ops.sqrt(belief.v))
    z = ops.let("distance", (level - belief.m) / s)
    below = ops.let("below", cumulative(ops, z))
    return Loss((level - belief.m) * (2 * below - 1) + 2 * s * density(ops, z), 1 - 2 * below)


def covary_shortfalls(belief: Belief, low: float, at_low: Loss, high: float, at_high: Loss) -> Number:
    """Return the covariance of the shortfalls of one trait from two levels, `low` at most `high`, or the same.

    v Phi(z_low) - E[max(0, low - theta)] E[max(0, theta - high)], by partial integration.
    """
    beyond = at_high.expected - (high - belief.m)
    return -(belief.v * at_low.slope) - at_low.expected * beyond


def covary_mismatches(belief: Belief, low: float, at_low: Loss, high: float, at_high: Loss) -> Number:
    """Return the covariance of the mismatches of one trait with two levels, `low` at most `high`, or the same.

    As |theta - L| = 2 max(0, L - theta) - (L - theta), it follows from that of the shortfalls.
    """
    one, other = (
        Loss((loss.expected + (level - belief.m)) / 2, (loss.slope - 1) / 2)
        for level, loss in ((low, at_low), (high, at_high))
    )
    both = covary_shortfalls(belief, low, one, high, other)
    return 4 * both + belief.v * (at_low.slope + at_high.slope - 1)


# Nodes and weights for a mean over a standard normal distribution (Abramowitz and Stegun 25.4.46, nine points).
NODES: Final = (
    (0.0, 0.40634920634920635),
    (1.0232556637891326, 0.24409750289493953),
    (2.07684797867783, 0.04991640676521782),
    (3.20542900285647, 0.0027891413212317692),
    (4.512745863399783, 2.2345844007746607e-05),
)


def spread_of(expected: Callable[[float], float], belief: Belief, left: float) -> float:
    """Return by how much further answers are expected to move something that depends on the mean of a belief.

    The variance of expected(m'), where m' ~ N(m, v - left), by nine-point Gauss-Hermite quadrature.

    Args:
        expected: what is expected where the mean of the belief will be a level.
        belief: what is believed now.
        left: the variance that the answers will leave, at most that of the belief.

    """
    step = math.sqrt(max(0.0, belief.v - left))
    if not step:
        return 0.0
    points = [
        (weight, expected(belief.m + side * step * node))
        for node, weight in NODES
        for side in ((1, -1) if node else (1,))
    ]
    mean = sum(weight * x for weight, x in points)
    return sum(weight * (x - mean) ** 2 for weight, x in points)


def most_shortfall(level: float) -> float:
    """Return the shortfall of somebody at level 0, the most there can be."""
    return level


def most_mismatch(level: float) -> float:
    """Return the mismatch of somebody at the end of the scale that is farther away."""
    return max(level, SCALE - level)


def better(ops: Operations, delta: Number, variance: Number) -> Number:
    """Return P(A fits better than B) = Phi(delta / sqrt(V)); where V is 0 it is 0, 1/2 or 1."""
    certain = ops.where(delta > 0, 1.0, ops.where(delta < 0, 0.0, 0.5))
    doubtful = variance > 0
    return ops.where(doubtful, cumulative(ops, delta / ops.sqrt(ops.where(doubtful, variance, 1.0))), certain)


def flip_risk(ops: Operations, delta: Number, movable: Number) -> Number:
    """Return Phi(-|delta| / sqrt(V_move)), the chance that the remaining answers change the verdict.

    `movable` is the variance of what delta will be once they are given.
    """
    size = ops.where(delta < 0, -delta, delta)
    return ops.where(
        movable > 0, cumulative(ops, -size / ops.sqrt(ops.where(movable > 0, movable, 1.0))), 0.0
    )


def with_common(ops: Operations, variance: Number, together: float, total: Number, squares: Number) -> Number:
    """Return the variance of a sum over traits that go together, never below 0.

    V + rho ((sum x)^2 - sum x^2), where x is the error that a trait's deviation from the mean of its prior makes,
    in standard deviations of that prior: two traits have the correlation rho.

    Args:
        ops: how to calculate.
        variance: the sum of the variances, as if traits were independent.
        together: rho, the mean correlation between two traits, from 0 to 1.
        total: the sum of x over all traits.
        squares: the sum of its squares.

    """
    whole = ops.let("variance", variance + together * (total * total - squares) if together else variance)
    return ops.where(whole > 0, whole, 0.0)


def share_below(ops: Operations, values: Sequence[float], x: Number) -> Number:
    """Return the share of a group, from 0 to 1, that is below x.

    Between two values it is read off the straight line between them; at a value that stands several times it is in
    their middle; beyond the last one it is the middle of what is left, as nothing is known of it.

    Args:
        ops: how to calculate.
        values: what parts the group evenly, from low to high: with three, a quarter of it is below the first.
        x: a value of the same kind.

    """
    parts = len(values) + 1
    share: Number = (len(values) + 0.5) / parts
    known = sorted(set(values))
    for number in reversed(range(len(known))):
        value = known[number]
        below, up_to = bisect_left(values, value), bisect_right(values, value)
        if number:
            before = known[number - 1]
            between = (below + (x - before) / (value - before)) / parts
        else:
            between = 0.5 / parts
        share = ops.where(x < value, between, ops.where(x <= value, (below + 1 + up_to) / 2 / parts, share))
    return share


def contradictory(ops: Operations, answers: Sequence[tuple[Number, Number]]) -> Number:
    """Tell whether answers about one trait, two or more, differ more than their noise allows.

    A chi-square test of their weighted sum of squares at the level SIGNIFICANT; answers are as in `believe`.
    """
    count: Number = 0.0
    weight: Number = 0.0
    weighted: Number = 0.0
    for y, s2 in answers:
        missing = ops.is_missing(y)
        count = count + ops.where(missing, 0.0, 1.0)
        weight = weight + ops.where(missing, 0.0, 1 / s2)
        weighted = weighted + ops.where(missing, 0.0, y / s2)
    mean = ops.let("mean", weighted / ops.where(weight > 0, weight, 1.0))
    chi2: Number = 0.0
    for y, s2 in answers:
        chi2 = chi2 + ops.where(ops.is_missing(y), 0.0, (y - mean) * (y - mean) / s2)
    limit: Number = critical(1)
    for degrees in range(2, len(answers)):
        limit = ops.where(count > degrees, critical(degrees), limit)
    return chi2 > limit


def straight_lined(count: Number, total: Number, squares: Number) -> Number:
    """Tell whether answers are many and all the same, from their number, sum and sum of squares."""
    return (count >= SAME_ANSWERS) & (count * squares == total * total)


@cache
def critical(degrees: int) -> float:
    """Return the chi-square with this many degrees of freedom that chance exceeds at the level SIGNIFICANT."""
    low, high = 0.0, 100.0 + 10 * degrees
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if improbability(middle, degrees) > SIGNIFICANT else (low, middle)
    return high


def improbability(chi2: float, degrees: int) -> float:
    """Return P(X >= chi2) of a chi-square distribution with this many degrees of freedom, 1 or more.

    By the recursion Q(x, k + 2) = Q(x, k) + (x/2)^(k/2) e^(-x/2) / Gamma(k/2 + 1) (Abramowitz and Stegun 26.4.8).
    """
    half = chi2 / 2
    k = 2 - degrees % 2
    tail = math.exp(-half) if k == 2 else math.erfc(math.sqrt(half))
    while k < degrees:
        tail += half ** (k / 2) * math.exp(-half) / math.gamma(k / 2 + 1)
        k += 2
    return tail
