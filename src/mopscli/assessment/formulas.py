"""The measurement and fit formulas, written once over an operand; knows nothing of roles, questions or files.

A number here is anything that adds, multiplies and divides: a float in an interview, an SQL expression in a
batch. What the two do not share comes from Operations. docs/model.md explains the formulas in the same symbols.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

# A float or an SQL expression.
Number = Any

SCALE: Final = 5
SIGNIFICANT: Final = 0.01
SAME_ANSWERS: Final = 10
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


def believe(ops: Operations, mu: float, tau2: float, answers: Iterable[tuple[Number, float]]) -> Belief:
    """Return the belief about a trait after some answers: the posterior, as prior and noise are normal.

    Args:
        ops: how to calculate.
        mu: mean of the prior, in levels.
        tau2: variance of the prior, above 0.
        answers: each answer y on the scale from 0 to 5, or missing, with the variance s2 of its noise, above 0.

    """
    precision: Number = 1 / tau2
    weighted: Number = mu / tau2
    for y, s2 in answers:
        missing = ops.is_missing(y)
        precision = precision + ops.where(missing, 0.0, 1 / s2)
        weighted = weighted + ops.where(missing, 0.0, y / s2)
    return Belief(ops.let("m", weighted / precision), ops.let("v", 1 / precision))


def cumulative(ops: Operations, z: Number) -> Number:
    """Return Phi(z), the standard normal distribution: the logistic form of Bowling et al. 2009.

    The error is below 1.5e-4; z is clamped to +-8, where Phi differs from 0 and 1 by less than 1e-15.
    """
    z = _clamp(ops, z)
    return 1 / (1 + ops.exp(-(1.5976 * z + 0.07056 * z * z * z)))


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


def flip_risk(ops: Operations, delta: Number, variance: Number, variance_at_end: Number) -> Number:
    """Return Phi(-|delta| / sqrt(V - V_end)), the chance that the remaining answers change the verdict."""
    size = ops.where(delta < 0, -delta, delta)
    left = variance - variance_at_end
    return ops.where(left > 0, cumulative(ops, -size / ops.sqrt(ops.where(left > 0, left, 1.0))), 0.0)


def contradictory(ops: Operations, answers: Sequence[tuple[Number, float]]) -> Number:
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
