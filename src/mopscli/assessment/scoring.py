"""How beliefs about traits become the scores of roles, over an operand; knows no questions and no files."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mopscli.assessment.formulas import (
    Belief,
    Loss,
    Number,
    Operations,
    mismatch,
    most_mismatch,
    most_shortfall,
    shortfall,
)
from mopscli.knowledge.entries import Role

CLEAR: Final = 0.95
LEANING: Final = 0.75
UNDECIDED: Final = "too close to call"
READINESS: Final = "readiness"
ENJOYMENT: Final = "enjoyment"
UNANSWERED: Final = "no answers"
STRAIGHT_LINING: Final = "straight-lining"
CONTRADICTION: Final = "contradiction"


class Term(NamedTuple):
    """What a trait counts in a role's fit: a level to reach or to match, and the points that a level is worth.

    `points` are those of readiness or enjoyment, and `share` is how much of these goes into the fit.
    """

    part: str
    level: int
    points: float
    share: float

    def loss_of_part(self, ops: Operations, belief: Belief) -> Loss:
        """Return the points that the trait is expected to take from readiness or enjoyment."""
        expected, slope = (shortfall if self.part == READINESS else mismatch)(ops, self.level, belief)
        return Loss(self.points * expected, self.points * slope)

    def loss(self, ops: Operations, belief: Belief) -> Loss:
        """Return the points that the trait is expected to take from the fit."""
        return self.scaled(self.loss_of_part(ops, belief))

    def scaled(self, loss: Loss) -> Loss:
        """Return how much of a loss of readiness or enjoyment goes into the fit."""
        return Loss(self.share * loss.expected, self.share * loss.slope)


NO_TERM: Final = Term(READINESS, 0, 0.0, 0.0)
NO_LOSS: Final = Loss(0.0, 0.0)


def terms_of(role: Role, readiness_share: float) -> dict[str, Term]:
    """Return the terms of a role's fit, by trait; 100 minus all their losses is the fit.

    A part without anything to miss counts nothing, and the other one everything.
    """
    ready = sum(demand.weight * most_shortfall(demand.level) for demand in role.requires.values())
    enjoy = sum(demand.weight * most_mismatch(demand.level) for demand in role.offers.values())
    share = readiness_share if ready and enjoy else 1.0 if ready else 0.0
    terms = {}
    if ready:
        for trait, demand in role.requires.items():
            terms[trait] = Term(READINESS, demand.level, 100 * demand.weight / ready, share)
    if enjoy:
        for trait, demand in role.offers.items():
            terms[trait] = Term(ENJOYMENT, demand.level, 100 * demand.weight / enjoy, 1 - share)
    return terms


class Score(NamedTuple):
    """How well one fits a role, from 0 to 100; a part that the role has no traits for is None."""

    fit: Number
    readiness: Number | None
    enjoyment: Number | None


def score_of(terms: Mapping[str, Term], lost: Mapping[str, Number]) -> Score:
    """Return the score that is left after the points lost of readiness and of enjoyment."""
    shares = {term.part: term.share for term in terms.values()}
    parts = {part: 100 - lost[part] for part in shares}
    fit = sum(share * parts[part] for part, share in shares.items()) if shares else 100.0
    return Score(fit, parts.get(READINESS), parts.get(ENJOYMENT))


def doubt(slope: Number, belief: Belief) -> Number:
    """Return what the doubt about a trait adds to the variance of a score, by the delta method."""
    return slope * slope * belief.v


def word_for(ops: Operations, probability: Number) -> Number:
    """Say how sure a verdict is that holds with this probability."""
    return ops.where(probability >= CLEAR, "clear", ops.where(probability >= LEANING, "leaning", UNDECIDED))
