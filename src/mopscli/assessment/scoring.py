"""How beliefs about traits become the scores of roles, over an operand; knows no files."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache, reduce
from itertools import combinations, combinations_with_replacement
from operator import add
from typing import Any, Final, Literal, NamedTuple

from mopscli.assessment.formulas import (
    Belief,
    Loss,
    Number,
    Operations,
    Reading,
    believe,
    contradictory,
    covary_mismatches,
    covary_shortfalls,
    mismatch,
    most_mismatch,
    most_shortfall,
    shortfall,
    with_common,
)
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.knowledge.entries import Role

READINESS: Final = "readiness"
ENJOYMENT: Final = "enjoyment"
UNANSWERED: Final = "no answers"
STRAIGHT_LINING: Final = "straight-lining"
CONTRADICTION: Final = "contradiction"
# One contradiction comes by chance for one person in three; so many do not.
MANY_CONTRADICTIONS: Final = 3


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

    @property
    def worth(self) -> float:
        """The points of fit that a level is worth."""
        return self.share * self.points

    def lost(self, ops: Operations, belief: Belief) -> Loss:
        """Return the levels that one is expected to fall short of, or to be away from, what the role has."""
        return (shortfall if self.part == READINESS else mismatch)(ops, self.level, belief)


NO_TERM: Final = Term(READINESS, 0, 0.0, 0.0)


@lru_cache(maxsize=256)
def terms_of(role: Role, readiness_share: float) -> Mapping[str, Term]:
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


class Doubt(NamedTuple):
    """What the doubt about a trait adds to that about a score or a lead, in points.

    The variance of what the trait takes, and, for traits that go together, the error that its deviation from the
    prior's mean makes, in standard deviations of the prior.
    """

    variance: Number
    common: Number


def doubt(
    ops: Operations,
    worth: Mapping[int, float],
    part: str,
    losses: Mapping[int, Loss],
    belief: Belief,
    prior: float,
) -> Doubt:
    """Return the doubt that a trait adds to what is lost.

    Args:
        ops: how to calculate.
        worth: the points that a level of shortfall or mismatch takes, by the level asked for; negative where it
            takes them from a rival.
        part: READINESS or ENJOYMENT.
        losses: what is expected to be lost, in levels, by the level asked for.
        belief: what is believed of the trait.
        prior: the standard deviation of its prior, in levels.

    """
    covary = covary_shortfalls if part == READINESS else covary_mismatches
    levels = sorted(level for level, points in worth.items() if points)
    variance: Number = 0.0
    for low, high in combinations_with_replacement(levels, 2):
        both = ops.let("covariance", covary(belief, low, losses[low], high, losses[high]))
        variance = variance + (1 if low == high else 2) * worth[low] * worth[high] * both
    slope: Number = sum(worth[level] * losses[level].slope for level in levels)
    return Doubt(variance, slope * belief.v / prior)


def lead_worth(mine: Term, theirs: Term) -> dict[int, float]:
    """Return what a level that a trait falls short of two roles is worth in the lead of the first, in points."""
    worth = {theirs.level: theirs.worth}
    worth[mine.level] = worth.get(mine.level, 0.0) - mine.worth
    return worth


def variance_of(
    ops: Operations, total: Mapping[str, Number], about: str, together: float, zero: Number
) -> Number:
    """Return the variance of a fit or a lead from the sums that `tally` gives, `about` a role or two."""
    variance, common, squares = (
        total.get(f"{name} {about}", zero) for name in ("doubt", "common", "squares")
    )
    return with_common(ops, variance, together, common, squares)


def word_for(ops: Operations, probability: Number, *, doubtful: Number) -> Number:
    """Say how sure a verdict is that holds with this probability; nothing is clear by doubtful answers."""
    word: Number = Certainty.UNDECIDED
    for certainty, least in sorted(AT_LEAST.items(), key=lambda limit: limit[1]):
        word = ops.where(probability >= least, certainty, word)
    leaning = ops.where(probability >= AT_LEAST[Certainty.LEANING], Certainty.LEANING, Certainty.UNDECIDED)
    return ops.where(doubtful, leaning, word)


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
    """The number of an option, and what it says of the trait; both may be missing."""

    value: Number
    reading: Reading


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
    given = [answers[item.key].reading for item in items]
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
    losses: dict[int, Loss] = {}
    prior = math.sqrt(scoring.questionnaire.priors[trait][1])
    terms = {role.key: scoring.terms[role.key].get(trait, NO_TERM) for role in scoring.roles}

    def add_doubt(about: str, term: Term, worth: Mapping[int, float]) -> None:
        found = doubt(ops, worth, term.part, losses, belief, prior)
        sums[f"doubt {about}"] = found.variance
        if scoring.questionnaire.together:
            sums[f"common {about}"] = common = ops.let("common", found.common)
            sums[f"squares {about}"] = common * common

    for role in scoring.roles:
        term = terms[role.key]
        if term is NO_TERM:
            continue
        # In levels, a loss is the same for every role that asks for the same level.
        levels = term.lost(ops, belief)
        loss = ops.let("loss", levels.expected)
        losses[term.level] = Loss(loss, ops.let("slope", levels.slope))
        expected = term.worth * loss
        sums[f"{term.part} {role.key}"] = term.points * loss
        add_doubt(role.key, term, {term.level: term.worth})
        details[Detail("loss", role.key)] = expected
        if trait in role.requires and items:
            low = (belief.m + ops.let("s", ops.sqrt(belief.v)) < term.level) & (sums["answered"] > 0)
            details[Detail("gap", role.key)] = ops.where(low, expected, None)
    for one, other in scoring.rivals:
        if NO_TERM not in (terms[one], terms[other]) or terms[one] != terms[other]:
            term = terms[one] if terms[other] is NO_TERM else terms[other]
            add_doubt(f"{one} {other}", term, lead_worth(terms[one], terms[other]))
    return Tally(sums, {(detail, trait): x for detail, x in details.items()})


def add_up(ops: Operations, tallies: Iterable[Tally]) -> Tally:
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
