"""How beliefs about traits become the scores of roles, over an operand; knows no files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce
from itertools import combinations
from operator import add
from typing import Any, Final, Literal, NamedTuple

from mopscli.assessment.formulas import (
    Belief,
    Loss,
    Number,
    Operations,
    believe,
    contradictory,
    mismatch,
    most_mismatch,
    most_shortfall,
    shortfall,
)
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.knowledge.entries import Role

READINESS: Final = "readiness"
ENJOYMENT: Final = "enjoyment"
UNANSWERED: Final = "no answers"
STRAIGHT_LINING: Final = "straight-lining"
CONTRADICTION: Final = "contradiction"


class Certainty(StrEnum):
    """How sure a verdict is, in the words that are shown."""

    CLEAR = "clear"
    LEANING = "leaning"
    UNDECIDED = "too close to call"


# The probability from which on a word holds; below all of them, the verdict is undecided.
AT_LEAST: Final[Mapping[Certainty, float]] = {Certainty.CLEAR: 0.95, Certainty.LEANING: 0.75}


# --- The score of a role --------------------------------------------------------------------------


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
    word: Number = Certainty.UNDECIDED
    for certainty, least in sorted(AT_LEAST.items(), key=lambda limit: limit[1]):
        word = ops.where(probability >= least, certainty, word)
    return word


# --- What answers add to the scores of all roles --------------------------------------------------


@dataclass(frozen=True)
class Scoring:
    """What is to be scored: the questions, the roles to score, and those of them to choose between."""

    questionnaire: Questionnaire
    roles: tuple[Role, ...]
    between: tuple[str, ...]

    @cached_property
    def terms(self) -> Mapping[str, Mapping[str, Term]]:
        """What each trait counts in the fit of each role."""
        share = self.questionnaire.readiness_share
        return {role.key: terms_of(role, share) for role in self.roles}

    @cached_property
    def rivals(self) -> tuple[tuple[str, str], ...]:
        """Every two roles to choose between."""
        return tuple(combinations(self.between, 2))


class Answer(NamedTuple):
    """The number of an option, and its place on the scale of the trait; both may be missing."""

    value: Number
    place: Number


class Detail(NamedTuple):
    """Which detail of a trait is told, and of which role, if it is of one.

    The `loss` is what the trait takes from a fit, the `gap` the same if it is a skill below the level needed, else
    None, and the `contradiction` is 1 if the answers about the trait contradict each other, else 0.
    """

    kind: Literal["loss", "gap", "contradiction"]
    role: str = ""

    @property
    def name(self) -> str:
        """A name that no other detail has."""
        return f"{self.kind} {self.role}".rstrip()


class Tally(NamedTuple):
    """What some answers come to: sums that add up over traits, and details by the trait that they are of.

    The sums are numbers of answers, points lost, and variances.
    """

    sums: Mapping[str, Number]
    details: Mapping[tuple[Detail, str], Number]


def tally(ops: Operations, scoring: Scoring, trait: str, answers: Mapping[str, Answer]) -> Tally:
    """Return what the answers about a trait come to, by question key."""
    items = scoring.questionnaire.items_of[trait]
    given = [(answers[item.key].place, item.s2) for item in items]
    belief = believe(ops, *scoring.questionnaire.priors[trait], given)
    sums: dict[str, Number] = {}
    details: dict[Detail, Number] = {}
    if items:
        sums["answered"] = _total(ops, (answers[item.key].value for item in items), lambda _: 1.0)
    if len(items) > 1:
        found = ops.where(contradictory(ops, given), 1.0, 0.0)
        sums["contradictions"] = details[Detail(CONTRADICTION)] = found
    statements = [answers[item.key].value for item in items if item.kind != "skill"]
    if statements:
        sums["statements"] = _total(ops, statements, lambda _: 1.0)
        sums["total"] = _total(ops, statements, lambda x: x)
        sums["squares"] = _total(ops, statements, lambda x: x * x)
    slopes = {}
    for role in scoring.roles:
        term = scoring.terms[role.key].get(trait)
        if term is None:
            continue
        # In levels, a loss is the same for every role that asks for the same level.
        levels = term._replace(points=1.0).loss_of_part(ops, belief)
        loss, slope = ops.let("loss", levels.expected), ops.let("slope", levels.slope)
        share = term.scaled(Loss(term.points, term.points))
        expected, slopes[role.key] = share.expected * loss, share.slope * slope
        sums[f"{term.part} {role.key}"] = term.points * loss
        sums[f"doubt {role.key}"] = doubt(slopes[role.key], belief)
        details[Detail("loss", role.key)] = expected
        if trait in role.requires and items:
            low = (belief.m + ops.let("s", ops.sqrt(belief.v)) < term.level) & (sums["answered"] > 0)
            details[Detail("gap", role.key)] = ops.where(low, expected, None)
    for one, other in scoring.rivals:
        if one in slopes or other in slopes:
            sums[f"doubt {one} {other}"] = doubt(slopes.get(other, 0.0) - slopes.get(one, 0.0), belief)
    return Tally(sums, {(detail, trait): x for detail, x in details.items()})


def together(ops: Operations, tallies: Iterable[Tally]) -> Tally:
    """Return what several tallies come to together."""
    parts: dict[str, list[Number]] = {}
    details: dict[tuple[Detail, str], Number] = {}
    for found in tallies:
        details |= found.details
        for name, x in found.sums.items():
            parts.setdefault(name, []).append(x)
    return Tally({name: ops.let(name, reduce(add, xs)) for name, xs in parts.items()}, details)


def _total(ops: Operations, values: Iterable[Number], measure: Callable[[Any], Number]) -> Number:
    """Return the sum of a measure of those values that are not missing."""
    return reduce(add, (ops.where(ops.is_missing(x), 0.0, measure(x)) for x in values))
