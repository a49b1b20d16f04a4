"""The scores of a person by the names of their columns, over an operand; knows no files."""

import operator
from collections.abc import Mapping
from functools import reduce

from mopscli.assessment.formulas import Number, Operations, better, share_below, straight_lined
from mopscli.assessment.scoring import (
    ENJOYMENT,
    MANY_CONTRADICTIONS,
    READINESS,
    Certainty,
    Scoring,
    score_of,
    variance_of,
    word_for,
)


def score_columns(
    ops: Operations, scoring: Scoring, sums: Mapping[str, Number], zero: Number
) -> dict[str, Number]:
    """Return the scores by the names of their columns, but for what is odd about the answers.

    Args:
        ops: how to calculate.
        scoring: what is to be scored.
        sums: what all answers come to, as `tally` calls it.
        zero: 0, for a sum that no trait adds to.

    """
    norms = scoring.questionnaire.norms
    found: dict[str, Number] = {}
    fits: dict[str, Number] = {}
    for key, terms in scoring.terms.items():
        score = score_of(terms, {part: sums.get(f"{part} {key}", zero) for part in (READINESS, ENJOYMENT)})
        fits[key] = found[f"fit_{key}"] = ops.let(f"fit {key}", score.fit)
        found[f"se_{key}"] = ops.sqrt(variance_of(ops, sums, key, scoring.questionnaire.together, zero))
        found[f"readiness_{key}"] = score.readiness
        found[f"enjoyment_{key}"] = score.enjoyment
        if norms and key in norms.roles:
            found[f"norm_{key}"] = share_below(ops, norms.roles[key].values, fits[key])
    least = _least_chances(ops, scoring, sums, fits, zero)
    *others, last = scoring.between
    best, probability = last, least[last]
    for number, key in reversed(list(enumerate(others))):
        leads = reduce(operator.and_, (fits[key] >= fits[rival] for rival in scoring.between[number + 1 :]))
        best, probability = ops.where(leads, key, best), ops.where(leads, least[key], probability)
    answered = sums.get("answered", zero)
    doubtful = straight_lining(sums, zero) | (sums.get("contradictions", zero) >= MANY_CONTRADICTIONS)
    word = word_for(ops, ops.let("probability", probability), doubtful=doubtful)
    head = {
        "verdict": ops.where(answered > 0, word, Certainty.UNDECIDED),
        "role": best,
        f"p_{scoring.between[0]}": least[scoring.between[0]],
    }
    return head | found | {"answered": answered}


def straight_lining(sums: Mapping[str, Number], zero: Number) -> Number:
    """Tell whether all statements have the same answer."""
    return straight_lined(*(sums.get(name, zero) for name in ("statements", "total", "squares")))


def _least_chances(
    ops: Operations, scoring: Scoring, sums: Mapping[str, Number], fits: Mapping[str, Number], zero: Number
) -> dict[str, Number]:
    """Return the chance of each role to suit better than its closest rival."""
    least: dict[str, Number] = {}
    for one, other in scoring.rivals:
        variance = variance_of(ops, sums, f"{one} {other}", scoring.questionnaire.together, zero)
        chance = ops.let(f"p {one}", better(ops, ops.let("delta", fits[one] - fits[other]), variance))
        for key, p in ((one, chance), (other, 1.0 - chance)):
            least[key] = ops.let(
                f"least {key}", ops.where(p < least[key], p, least[key]) if key in least else p
            )
    return least
