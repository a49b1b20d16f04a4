"""Two sets of answers side by side: how the scores differ, and which traits do by more than noise allows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mopscli.assessment.formulas import Z_90, Belief
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.verdict import Assessment, assess, believe_all
from mopscli.knowledge.entries import Role

# So small a part of the prior's precision is rounding, and no answer.
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class ScoreShift:
    """The score of a role in both, from 0 to 100; a part that the role does not have is None."""

    role: str
    fit: tuple[float, float]
    readiness: tuple[float | None, float | None]
    enjoyment: tuple[float | None, float | None]


@dataclass(frozen=True)
class TraitShift:
    """What both say of a trait, in levels, and whether they differ by more than the noise of the answers allows.

    `noticeable` is None where one of the two has no answer about the trait. `lead` is how much the trait moves the
    first role's lead over the second, in points.
    """

    trait: str
    level: tuple[float, float]
    noticeable: bool | None
    lead: float


@dataclass(frozen=True)
class Contrast:
    """Two assessments of the same roles, and the traits about which the answers differ, widest first."""

    one: Assessment
    other: Assessment
    scores: tuple[ScoreShift, ...]
    traits: tuple[TraitShift, ...]


def contrast(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    one: Mapping[str, float],
    other: Mapping[str, float],
) -> Contrast:
    """Return how two sets of answers differ.

    Args:
        questionnaire: the questions.
        roles: the roles to score, two or more; the lead is that of the first over the second.
        one: the values of the answers, by question key.
        other: the same of the other set.

    """
    first, second = (assess(questionnaire, roles, answers) for answers in (one, other))
    beliefs = believe_all(questionnaire, one), believe_all(questionnaire, other)
    leads = [{part.trait: part.delta for part in found.contributions} for found in (first, second)]
    shifts = (
        TraitShift(
            trait=trait,
            level=(beliefs[0][trait].m, beliefs[1][trait].m),
            noticeable=differs(prior, beliefs[0][trait], beliefs[1][trait]),
            lead=leads[1].get(trait, 0.0) - leads[0].get(trait, 0.0),
        )
        for trait, prior in questionnaire.priors.items()
        if beliefs[0][trait] != beliefs[1][trait]
    )
    return Contrast(
        one=first,
        other=second,
        scores=tuple(
            ScoreShift(
                before.key,
                (before.fit, after.fit),
                (before.readiness, after.readiness),
                (before.enjoyment, after.enjoyment),
            )
            for before, after in zip(first.roles, second.roles, strict=True)
        ),
        traits=tuple(sorted(shifts, key=lambda shift: (-abs(shift.level[1] - shift.level[0]), shift.trait))),
    )


def differs(prior: tuple[float, float], one: Belief, other: Belief) -> bool | None:
    """Tell whether the answers behind two beliefs differ by more than their noise allows in 9 of 10 cases.

    The reliable change of Jacobson and Truax 1991, on what the answers alone say: the prior is taken out. None if
    one of the two rests on no answer.
    """
    first, second = _without_prior(prior, one), _without_prior(prior, other)
    if first is None or second is None:
        return None
    return bool(abs(first.m - second.m) > Z_90 * math.sqrt(first.v + second.v))


def _without_prior(prior: tuple[float, float], belief: Belief) -> Belief | None:
    """Return the mean of the answers behind a belief, weighted by their precision, and its variance."""
    mu, tau2 = prior
    precision = 1 / belief.v - 1 / tau2
    if precision * tau2 < ROUNDING:
        return None
    return Belief((belief.m / belief.v - mu / tau2) / precision, 1 / precision)
