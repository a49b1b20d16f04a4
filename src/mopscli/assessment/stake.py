"""What is at stake in the answers about a trait, over an operand: what they add to the scores of roles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations
from operator import add
from typing import Any, NamedTuple

from mopscli.assessment.formulas import Loss, Number, Operations, believe, contradictory
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import CONTRADICTION, Term, doubt, terms_of
from mopscli.knowledge.entries import Role


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


class Stake(NamedTuple):
    """What is at stake in some answers: sums that add up over traits, and details of single traits.

    The sums are numbers of answers, points lost, and variances. The details of a trait, by their name and that of
    the trait, are what it takes from a fit (`loss`), the same if it is a skill below the level needed, else None
    (`gap`), and 1 if the answers about it contradict each other, else 0 (`contradiction`).
    """

    sums: Mapping[str, Number]
    details: Mapping[tuple[str, str], Number]


def stake(ops: Operations, scoring: Scoring, trait: str, answers: Mapping[str, Answer]) -> Stake:
    """Return what is at stake in the answers about a trait, by question key."""
    items = scoring.questionnaire.items_of[trait]
    given = [(answers[item.key].place, item.s2) for item in items]
    belief = believe(ops, *scoring.questionnaire.priors[trait], given)
    sums: dict[str, Number] = {}
    details: dict[str, Number] = {}
    if items:
        sums["answered"] = _total(ops, (answers[item.key].value for item in items), lambda _: 1.0)
    if len(items) > 1:
        details[CONTRADICTION] = ops.where(contradictory(ops, given), 1.0, 0.0)
        sums["contradictions"] = details[CONTRADICTION]
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
        details[f"loss {role.key}"] = expected
        if trait in role.requires and items:
            low = (belief.m + ops.let("s", ops.sqrt(belief.v)) < term.level) & (sums["answered"] > 0)
            details[f"gap {role.key}"] = ops.where(low, expected, None)
    for one, other in scoring.rivals:
        if one in slopes or other in slopes:
            sums[f"doubt {one} {other}"] = doubt(slopes.get(other, 0.0) - slopes.get(one, 0.0), belief)
    return Stake(sums, {(name, trait): x for name, x in details.items()})


def together(ops: Operations, stakes: Iterable[Stake]) -> Stake:
    """Return what several stakes are together."""
    parts: dict[str, list[Number]] = {}
    details: dict[tuple[str, str], Number] = {}
    for found in stakes:
        details |= found.details
        for name, x in found.sums.items():
            parts.setdefault(name, []).append(x)
    return Stake({name: ops.let(name, reduce(add, xs)) for name, xs in parts.items()}, details)


def _total(ops: Operations, values: Iterable[Number], measure: Callable[[Any], Number]) -> Number:
    """Return the sum of a measure of those values that are not missing."""
    return reduce(add, (ops.where(ops.is_missing(x), 0.0, measure(x)) for x in values))
