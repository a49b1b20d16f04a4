"""Where one stands in a group that was counted before."""

from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from mopscli.assessment.formulas import Z_90
from mopscli.assessment.verdict import Assessment
from mopscli.knowledge.norms import Norm, NormsFile

# A stand that may be anywhere in more than this share of the group tells nothing.
WIDEST: Final = 0.8


class Stand(NamedTuple):
    """Where one stands in a group: the shares of it, from 0 to 1, that are probably, at least and at most lower.

    `about` is a skill, a drive, or a role whose fit it is.
    """

    about: str
    people: int
    below: float
    low: float
    high: float


class Stands(NamedTuple):
    """Where one stands in a group, by what was answered; `group` says who they are."""

    group: str
    date: str
    traits: tuple[Stand, ...]
    roles: tuple[Stand, ...]


def share_below(norm: Norm, value: float) -> float:
    """Return the share of a group, from 0 to 1, that is below a value.

    Between two values that are told it is read off the straight line between them; beyond the last one it is the
    middle of what is left, as nothing is told of single people.
    """
    values, parts = norm.values, len(norm.values) + 1
    left, right = bisect_left(values, value), bisect_right(values, value)
    if left < right:
        return (left + 1 + right) / 2 / parts
    if left in (0, len(values)):
        return (left + 0.5) / parts
    low, high = values[left - 1], values[left]
    return (left + (value - low) / (high - low)) / parts


def stand_in(norms: NormsFile, result: Assessment) -> Stands:
    """Return where one stands in a group about everything that was answered."""
    traits = (
        _stand(norms.traits[belief.trait], belief.mean, Z_90 * belief.sd)
        for belief in result.beliefs
        if belief.answers and belief.trait in norms.traits
    )
    roles = (
        _stand(norms.roles[fit.key], fit.fit, Z_90 * fit.se)
        for fit in result.roles
        if result.answered and fit.key in norms.roles
    )
    return Stands(norms.group, norms.date, tuple(traits), tuple(roles))


def _stand(norm: Norm, value: float, reach: float) -> Stand:
    low, high = (share_below(norm, value + side * reach) for side in (-1, 1))
    return Stand(norm.key, norm.people, share_below(norm, value), low, high)
