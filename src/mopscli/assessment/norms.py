"""Where one stands in a group that was counted before."""

from collections.abc import Iterable
from typing import NamedTuple

from mopscli.assessment.formulas import FLOATS, Z_90, share_below
from mopscli.knowledge.norms import Norm, NormsFile


class Stand(NamedTuple):
    """The share of a group that is lower, from 0 to 1: probably, and with 90 % certainty at least and at most.

    `about` is a skill, a drive, or a role whose fit is meant, and `people` how many of the group it was counted of.
    """

    about: str
    people: int
    below: float
    low: float
    high: float


class Stands(NamedTuple):
    """Where one stands in a group about what was answered; `group` says who they are."""

    group: str | None
    date: str | None
    traits: tuple[Stand, ...]
    roles: tuple[Stand, ...]


def stand_in(
    norms: NormsFile,
    traits: Iterable[tuple[str, float, float]],
    roles: Iterable[tuple[str, float, float]],
) -> Stands:
    """Return where one stands in a group, by the value of each trait and of each fit and its standard error."""
    return Stands(
        norms.group,
        norms.date,
        tuple(_stand(norms.traits[key], *rest) for key, *rest in traits if key in norms.traits),
        tuple(_stand(norms.roles[key], *rest) for key, *rest in roles if key in norms.roles),
    )


def _stand(norm: Norm, value: float, error: float) -> Stand:
    low, below, high = (share_below(FLOATS, norm.values, value + side * Z_90 * error) for side in (-1, 0, 1))
    return Stand(norm.key, norm.people, below, low, high)
