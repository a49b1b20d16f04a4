"""One assessment: the verdict that follows from answers, and what explains it."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from mopscli.assessment.advice import Advice, gate_met
from mopscli.assessment.formulas import (
    FLOATS,
    SCALE,
    Z_90,
    Belief,
    better,
)
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.remarks import Remark, are_doubtful, find_remarks
from mopscli.assessment.scoring import NO_TERM, Certainty, Term, word_for
from mopscli.assessment.standing import Scored, State, doubt_about, points_lost, take_stock, total_variance
from mopscli.knowledge.entries import Role

if TYPE_CHECKING:
    from mopscli.assessment.norms import Stands
    from mopscli.knowledge.norms import NormsFile

STEPS: Final = 12
HALVINGS: Final = 30


# --- The result -----------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """Which role fits best, and how sure that is, in a word and in numbers.

    `probability` is that of fitting `role` better than its closest rival, from 0 to 1; `flip_risk` is the chance
    that answering the remaining questions would change the role.
    """

    word: Certainty
    role: str
    rival: str
    probability: float
    flip_risk: float


class RoleFit(NamedTuple):
    """How well one fits a role, from 0 to 100, with its standard error and 90 % interval.

    `readiness` tells whether one could do it, `enjoyment` whether one would want it; None where the role names
    no skills or no drives.
    """

    key: str
    fit: float
    se: float
    low: float
    high: float
    readiness: float | None
    enjoyment: float | None
    gates_unmet: tuple[str, ...]


class Contribution(NamedTuple):
    """What a trait adds to the first role's fit minus the second's, in points."""

    trait: str
    delta: float


class Gap(NamedTuple):
    """A skill below what the best role asks for, in levels, and the points of fit that it is expected to cost."""

    trait: str
    level: float
    sd: float
    needed: int
    cost: float


class Turn(NamedTuple):
    """The level of a trait at which the verdict would turn, all else as it is."""

    trait: str
    level: float
    turns_at: float


class TraitBelief(NamedTuple):
    """What the answers say of a trait: mean and standard deviation in levels, from how many answers."""

    trait: str
    mean: float
    sd: float
    answers: int


class Assessment(NamedTuple):
    """Everything that follows from a set of answers."""

    between: tuple[str, ...]
    verdict: Verdict
    roles: tuple[RoleFit, ...]
    contributions: tuple[Contribution, ...]
    gaps: tuple[Gap, ...]
    would_change: tuple[Turn, ...]
    quality: tuple[Remark, ...]
    answered: int
    questions: int
    beliefs: tuple[TraitBelief, ...]
    present_role: str | None
    norms: "Stands | None" = None
    advice: Advice | None = None


# --- Scoring --------------------------------------------------------------------------------------


def assess(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    answers: Mapping[str, float],
    skipped: Collection[str] = (),
) -> Assessment:
    """Return everything that follows from a set of answers, for two roles or more.

    Args:
        questionnaire: the questions.
        roles: the roles to choose between.
        answers: the value of the chosen answer, by question key; a key that is not there is a missing answer.
        skipped: questions that one could not answer.

    Raises:
        ValueError: there is one role or none, or an answer that its question does not have.

    """
    if len({role.key for role in roles}) < 2:
        raise ValueError("an assessment needs two roles or more to choose between")
    for key, item in questionnaire.items.items():
        if item.choices and key in answers and answers[key] not in {choice.value for choice in item.choices}:
            raise ValueError(f"{answers[key]!r} is no answer to the question '{key}'")
    state = take_stock(questionnaire, roles, answers, skipped)
    probability = better(FLOATS, state.duel.delta, state.duel.variance)
    items = [item for key, item in questionnaire.items.items() if key in answers]
    best = next(role for role in roles if role.key == state.best)
    # Before the first answer the priors speak, and not the person.
    remarks = find_remarks(questionnaire, answers)
    word = word_for(FLOATS, probability, doubtful=are_doubtful(remarks)) if items else Certainty.UNDECIDED
    beliefs = tuple(
        TraitBelief(trait, belief.m, math.sqrt(belief.v), sum(item.trait == trait for item in items))
        for trait, belief in state.beliefs.items()
    )
    fits = tuple(_role_fit(role, state, answers) for role in roles)
    return Assessment(
        between=tuple(role.key for role in roles),
        verdict=Verdict(word, state.best, state.rival, probability, state.risk),
        roles=fits,
        contributions=_contributions(state.scores[roles[0].key], state.scores[roles[1].key]),
        gaps=tuple(_gaps(best, state, {item.trait for item in items})),
        would_change=tuple(_turns(state)),
        quality=remarks,
        answered=len(items),
        questions=len(questionnaire.items),
        beliefs=beliefs,
        present_role=present_role(questionnaire, answers),
        norms=_stands(questionnaire.norms, beliefs, fits) if items else None,
    )


def _stands(
    norms: "NormsFile | None", beliefs: Sequence[TraitBelief], fits: Sequence[RoleFit]
) -> "Stands | None":
    """Return where one stands in the group of the norms, if there are any, about what was answered."""
    if norms is None:
        return None
    from mopscli.assessment.norms import stand_in

    return stand_in(
        norms,
        ((belief.trait, belief.mean, belief.sd) for belief in beliefs if belief.answers),
        ((fit.key, fit.fit, fit.se) for fit in fits),
    )


def present_role(questionnaire: Questionnaire, answers: Mapping[str, float]) -> str | None:
    """Return the role that somebody has now, if an answer tells."""
    for key, (_, options) in questionnaire.context.items():
        for option in options:
            if option.role is not None and answers.get(key) == option.value:
                return option.role
    return None


def _role_fit(role: Role, state: State, answers: Mapping[str, float]) -> RoleFit:
    score, _ = state.scores[role.key]
    doubts = (
        doubt_about(term, NO_TERM, state.beliefs[trait], state.priors[trait])
        for trait, term in state.terms[role.key].items()
    )
    se = math.sqrt(total_variance(doubts, state.together))
    unmet = (gate.text for gate in role.gates if gate_met(gate, answers) is False)
    return RoleFit(
        key=role.key,
        fit=score.fit,
        se=se,
        low=min(score.fit, max(0.0, score.fit - Z_90 * se)),
        high=max(score.fit, min(100.0, score.fit + Z_90 * se)),
        readiness=score.readiness,
        enjoyment=score.enjoyment,
        gates_unmet=tuple(unmet),
    )


def _contributions(one: Scored, other: Scored) -> tuple[Contribution, ...]:
    """Split the difference of two fits into one part for each trait, largest first."""
    traits = dict.fromkeys((*one.losses, *other.losses))
    parts = (
        Contribution(trait, other.losses.get(trait, 0.0) - one.losses.get(trait, 0.0)) for trait in traits
    )
    return tuple(sorted(parts, key=lambda part: (-abs(part.delta), part.trait)))


def _gaps(role: Role, state: State, asked: Collection[str]) -> Iterator[Gap]:
    """Yield the skills that keep one from a role beyond all doubt of one standard deviation, the costliest first.

    A skill that was not answered is unknown, not low.
    """
    costs = sorted(role.requires, key=lambda trait: -_cost(state, role, trait))
    for trait in costs:
        belief, needed = state.beliefs[trait], role.requires[trait].level
        sd = math.sqrt(belief.v)
        if trait in asked and belief.m + sd < needed:
            yield Gap(trait, belief.m, sd, needed, _cost(state, role, trait))


def _cost(state: State, role: Role, trait: str) -> float:
    return state.scores[role.key].losses.get(trait, 0.0)


class _Lead(NamedTuple):
    """What a trait adds to the best role's lead over its rival, at a level and with the doubt there is."""

    mine: Term
    theirs: Term
    v: float

    def at(self, level: float) -> float:
        """Return the points at a level."""
        belief = Belief(level, self.v)
        return points_lost(self.theirs, belief) - points_lost(self.mine, belief)

    def with_rest(self, rest: float, level: float) -> float:
        """Return the whole lead, the rest of it as it is."""
        return rest + self.at(level)

    def bounds(self) -> tuple[float, float]:
        """Return what the points are not below and not above.

        A loss is never negative, and it is convex in the level, so that it is largest at an end of the scale.
        """
        ends = [Belief(level, self.v) for level in (0.0, float(SCALE))]
        mine, theirs = (
            max(points_lost(term, belief) for belief in ends) for term in (self.mine, self.theirs)
        )
        return -mine, theirs


def _turns(state: State) -> Iterator[Turn]:
    """Yield the levels at which the two leading roles would change places, the nearest first."""
    turns = []
    for trait, pair in state.leading.items():
        belief = state.beliefs[trait]
        lead = _Lead(*pair, belief.v)
        rest = state.duel.delta - lead.at(belief.m)
        least, most = lead.bounds()
        # Most traits alone cannot turn a verdict, and need no search.
        if rest + least > 0 or rest + most < 0:
            continue
        if (level := _crossing(partial(lead.with_rest, rest), belief.m)) is not None:
            turns.append(Turn(trait, belief.m, level))
    yield from sorted(turns, key=lambda turn: abs(turn.turns_at - turn.level))


def _crossing(delta: Callable[[float], float], start: float) -> float | None:
    """Return the level from 0 to 5 nearest to `start` at which a function changes its sign, if there is one."""
    sign = delta(start)
    if sign == 0:
        return start
    found = []
    for goal in (0.0, float(SCALE)):
        low = start
        for step in range(1, STEPS + 1):
            high = start + (goal - start) * step / STEPS
            if sign * delta(high) <= 0:
                for _ in range(HALVINGS):
                    middle = (low + high) / 2
                    low, high = (middle, high) if sign * delta(middle) > 0 else (low, middle)
                found.append(high)
                break
            low = high
    return min(found, key=lambda level: abs(level - start), default=None)
