"""Where an assessment stands: what is believed, how roles score, how sure that is, and what to ask next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from mopscli.assessment.formulas import (
    FLOATS,
    Belief,
    Loss,
    Reading,
    believe,
    better,
    flip_risk,
    spread_of,
    with_common,
)
from mopscli.assessment.questionnaire import Item, Questionnaire, read_answer
from mopscli.assessment.scoring import NO_TERM, Doubt, Score, Term, doubt, lead_worth, score_of, terms_of
from mopscli.knowledge.entries import Role

REMEMBERED: Final = 1 << 16


def believe_all(questionnaire: Questionnaire, answers: Mapping[str, float]) -> dict[str, Belief]:
    """Return the belief about every trait; answers to context questions count for none."""
    given: dict[str, list[Reading]] = {}
    for key, value in answers.items():
        if (item := questionnaire.items.get(key)) is not None:
            given.setdefault(item.trait, []).append(read_answer(item, value))
    return {
        trait: believe(FLOATS, mu, tau2, given.get(trait, ()))
        for trait, (mu, tau2) in questionnaire.priors.items()
    }


# The same beliefs come up again and again, from question to question and from person to person.
@lru_cache(maxsize=REMEMBERED)
def _lost_from(part: str, level: int, belief: Belief) -> Loss:
    return Term(part, level, 1.0, 1.0).lost(FLOATS, belief)


def _lost(term: Term, belief: Belief) -> Loss:
    """Return the levels that are lost; roles that ask for the same level share them."""
    return _lost_from(term.part, term.level, belief)


@lru_cache(maxsize=REMEMBERED)
def doubt_about(mine: Term, theirs: Term, belief: Belief, prior: float) -> Doubt:
    """Return the doubt that a trait adds to the lead of one role over another; NO_TERM is no rival at all."""
    some = [term for term in (mine, theirs) if term.points]
    losses = {term.level: _lost(term, belief) for term in some}
    return doubt(FLOATS, lead_worth(mine, theirs), some[0].part, losses, belief, prior)


@lru_cache(maxsize=REMEMBERED)
def movable(mine: Term, theirs: Term, belief: Belief, left: float, prior: float) -> Doubt:
    """Return what answers that leave a variance will do to what a trait adds to the lead."""

    def lead(mean: float) -> float:
        there = Belief(mean, left)
        lost = [
            term.worth * term.lost(FLOATS, there).expected if term.points else 0.0 for term in (theirs, mine)
        ]
        return float(lost[0] - lost[1])

    share = 1 - left / belief.v
    return Doubt(spread_of(lead, belief, left), share * doubt_about(mine, theirs, belief, prior).common)


def points_lost(term: Term, belief: Belief) -> float:
    """Return the points that a trait is expected to take from a fit."""
    return float(term.worth * _lost(term, belief).expected) if term.points else 0.0


class Scored(NamedTuple):
    """The score of a role, and what each trait is expected to take from its fit, in points."""

    score: Score
    losses: Mapping[str, float]


def _score(terms: Mapping[str, Term], beliefs: Mapping[str, Belief]) -> Scored:
    lost: dict[str, float] = {}
    losses = {}
    for trait, term in terms.items():
        levels = _lost(term, beliefs[trait]).expected
        lost[term.part] = lost.get(term.part, 0.0) + term.points * levels
        losses[trait] = term.worth * levels
    return Scored(score_of(terms, lost), losses)


@lru_cache(maxsize=1024)
def fit_before(questionnaire: Questionnaire, role: Role) -> float:
    """Return the fit of somebody who answered nothing."""
    before = {trait: Belief(mu, tau2) for trait, (mu, tau2) in questionnaire.priors.items()}
    return float(_score(terms_of(role, questionnaire.readiness_share), before).score.fit)


def total_variance(doubts: Iterable[Doubt], together: float) -> float:
    """Return the variance of a sum of what traits take, from the doubt about each."""
    known = list(doubts)
    variance = sum(found.variance for found in known)
    common = sum(found.common for found in known)
    squares = sum(found.common * found.common for found in known)
    return float(with_common(FLOATS, variance, together, common, squares))


class Duel(NamedTuple):
    """One role against another: difference of fit, its variance, and that of what it is when all is answered."""

    delta: float
    variance: float
    movable: float


def variances_left(beliefs: Mapping[str, Belief], remaining: Iterable[Item]) -> dict[str, float]:
    """Return the variance of each belief if every remaining question were answered."""
    precisions = {trait: 1 / belief.v for trait, belief in beliefs.items()}
    for item in remaining:
        precisions[item.trait] += 1 / item.expected_s2
    return {trait: 1 / precision for trait, precision in precisions.items()}


class State(NamedTuple):
    """Where an assessment stands: beliefs, terms and scores by role, the best role, its rival, their duel."""

    beliefs: Mapping[str, Belief]
    terms: Mapping[str, Mapping[str, Term]]
    scores: Mapping[str, Scored]
    best: str
    rival: str
    duel: Duel
    risk: float
    remaining: tuple[Item, ...]
    priors: Mapping[str, float]
    together: float

    @property
    def leading(self) -> dict[str, tuple[Term, Term]]:
        """What each trait counts in the best role and in its rival."""
        return pairs_of(self.terms[self.best], self.terms[self.rival])


def pairs_of(mine: Mapping[str, Term], theirs: Mapping[str, Term]) -> dict[str, tuple[Term, Term]]:
    """Return what each trait counts in one role and in another."""
    return {trait: (mine.get(trait, NO_TERM), theirs.get(trait, NO_TERM)) for trait in {**mine, **theirs}}


def take_stock(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    answers: Mapping[str, float],
    skipped: Collection[str] = (),
    *,
    anchored: bool = False,
) -> State:
    """Return where an assessment between two roles or more stands.

    Args:
        questionnaire: the questions.
        roles: the roles to choose between.
        answers: the value of the chosen answer, by question key.
        skipped: questions that will not be asked again.
        anchored: whether each role is judged by what its fit is above that of somebody who answered nothing.

    """
    beliefs = believe_all(questionnaire, answers)
    remaining = tuple(
        item for key, item in questionnaire.items.items() if key not in answers and key not in skipped
    )
    left = variances_left(beliefs, remaining)
    priors = questionnaire.prior_sds
    terms = {role.key: terms_of(role, questionnaire.readiness_share) for role in roles}
    scores = {key: _score(some, beliefs) for key, some in terms.items()}
    leads = {key: found.score.fit for key, found in scores.items()}
    if anchored:
        leads = {role.key: leads[role.key] - fit_before(questionnaire, role) for role in roles}
    best = max(leads, key=lambda key: leads[key])

    def duel(key: str) -> Duel:
        pairs = pairs_of(terms[best], terms[key])
        doubts = (doubt_about(*pair, beliefs[trait], priors[trait]) for trait, pair in pairs.items())
        moves = (
            movable(*pair, beliefs[trait], left[trait], priors[trait])
            for trait, pair in pairs.items()
            if left[trait] < beliefs[trait].v
        )
        return Duel(
            leads[best] - leads[key],
            total_variance(doubts, questionnaire.together),
            total_variance(moves, questionnaire.together),
        )

    duels = {key: duel(key) for key in scores if key != best}
    rival = min(duels, key=lambda key: better(FLOATS, duels[key].delta, duels[key].variance))
    risk = max(flip_risk(FLOATS, found.delta, found.movable) for found in duels.values())
    return State(
        beliefs, terms, scores, best, rival, duels[rival], risk, remaining, priors, questionnaire.together
    )


def leaving(belief: Belief, item: Item) -> float:
    """Return the variance that an answer to a question is expected to leave in a belief."""
    return float(1 / (1 / belief.v + 1 / item.expected_s2))


def gain_from(item: Item, pair: tuple[Term, Term], belief: Belief, prior: float) -> float:
    """Return what a question is expected to move the lead of one role over another by, as a variance in points."""
    return float(movable(*pair, belief, leaving(belief, item), prior).variance)


def next_question(state: State) -> Item | None:
    """Return the question whose answer is expected to tell most about which of the two leading roles is better."""
    pairs = state.leading

    def gain(item: Item) -> float:
        trait = item.trait
        return (
            gain_from(item, pairs[trait], state.beliefs[trait], state.priors[trait])
            if trait in pairs
            else 0.0
        )

    return max(state.remaining, key=gain, default=None)
