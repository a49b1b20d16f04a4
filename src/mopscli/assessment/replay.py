"""Complete answers of many people, replayed as the adaptive interview would have asked them; needs numpy."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from mopscli.assessment.advice import LIKELY, Judge, have_both
from mopscli.assessment.answers import split_skipped
from mopscli.assessment.calibration import Replies, alpha, places_of
from mopscli.assessment.interview import Chapter, take_turn
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.standing import take_stock
from mopscli.knowledge.entries import Role

# The risks of a change at which the interview is ended, besides the one that is asked for.
USUAL: Final = (0.01, 0.05, 0.10)
# A verdict is said to stay with a chance within these limits; was that so as often as said?
LIMITS: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


class TraitReliability(NamedTuple):
    """How well the questions about a trait agree: Cronbach's alpha, None with fewer than two questions."""

    trait: str
    questions: int
    alpha: float | None


class Stop(NamedTuple):
    """What ending at a risk comes to.

    `asked_mean` is the mean number of questions asked, `verdict_changed` the share of people, from 0 to 1, for whom
    all answers give another role, `ready_changed` the share of those who are ready for the role that they are told,
    or not, by all answers only; None where roles ask for no skills. Behind each the standard error.
    """

    flip_risk: float
    asked_mean: float
    verdict_changed: float
    se: float
    ready_changed: float | None
    ready_se: float | None


class Band(NamedTuple):
    """Verdicts that were said to stay with a chance from `low` to `high`.

    How often that was said, after any number of questions; the mean of what was said; and the share that stayed.
    """

    low: float
    high: float
    verdicts: int
    said: float
    stayed: float


class RoleShare(NamedTuple):
    """The share of people, from 0 to 1, whom all their answers give a role, the one that they want."""

    role: str
    share: float


class Replay(NamedTuple):
    """What the adaptive interview would have done.

    `asked_mean` to `ready_se` are those of the stop at `flip_risk`, the risk that was asked for. `trained` is the
    number of people that the questionnaire was calibrated on before.
    """

    respondents: int
    questions: int
    asked_mean: float
    verdict_changed: float
    se: float
    ready_changed: float | None
    ready_se: float | None
    flip_risk: float
    roles: tuple[RoleShare, ...]
    stops: tuple[Stop, ...]
    bands: tuple[Band, ...]
    traits: tuple[TraitReliability, ...]
    trained: int = 0


class _End(NamedTuple):
    """How an interview ended: the role, whether one is ready for it, and the number of questions asked."""

    role: str
    is_ready: bool
    asked: int


class _Played(NamedTuple):
    """How interviews of one person went.

    The role by all answers and for each role whether one is ready for it; the end at each risk; and after each
    question about what is wanted the role and the risk that it changes.
    """

    full: str
    ready: Mapping[str, bool]
    ends: Mapping[float, _End]
    turns: tuple[tuple[str, float], ...]


def replay(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    replies: Replies,
    risk: float,
    report: Callable[[str, float], None] = lambda what, share: None,
) -> Replay:
    """Replay the interview between two roles or more with everybody's answers, ending it below a flip risk.

    A question that somebody did not answer counts as asked and skipped.

    Args:
        questionnaire: the questions.
        roles: the roles to choose between.
        replies: everybody's answers.
        risk: the risk of a change at which the interview ends, from 0 to 1.
        report: is told what is going on and how much of all is done, from 0 to 1.

    Raises:
        ValueError: there is nobody.

    """
    if not len(replies.digits):
        raise ValueError("there is nobody to replay")
    risks = sorted({*USUAL, risk})
    played = []
    for number, person in enumerate(_people(questionnaire, replies)):
        played.append(_play(questionnaire, roles, person, risks))
        report("Replaying", number / len(replies.digits))
    stops = {limit: _stop(played, limit) for limit in risks}
    counts = {role.key: sum(one.full == role.key for one in played) for role in roles}
    return Replay(
        len(played),
        len(questionnaire.items),
        *stops[risk][1:],
        risk,
        tuple(RoleShare(key, count / len(played)) for key, count in counts.items()),
        tuple(stops.values()),
        tuple(_bands(played)),
        tuple(_reliabilities(questionnaire, replies)),
    )


def _people(questionnaire: Questionnaire, replies: Replies) -> Iterator[dict[str, float | None]]:
    """Yield each person's answers, None where there is none."""
    options = [(key, questionnaire.items[key].choices) for key in replies.keys]
    absent = dict.fromkeys(questionnaire.items.keys() - set(replies.keys))
    for row in replies.digits.tolist():
        given = {
            key: choices[digit - 1].value if digit else None
            for (key, choices), digit in zip(options, row, strict=True)
        }
        yield absent | given


def _play(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    person: Mapping[str, float | None],
    risks: Sequence[float],
) -> _Played:
    """Play the interview with somebody's answers until it ends at each of some risks, from low to high."""
    everything = Judge(questionnaire, *split_skipped(person))
    ends: dict[float, _End] = {}
    asked: dict[str, float | None] = {}
    turns: dict[int, tuple[str, float]] = {}
    for risk in reversed(risks):
        # What is asked about wishes does not depend on the risk, so a lower one goes on where a higher one ended.
        given = dict(asked)
        while (
            turn := take_turn(questionnaire, roles, given, risk)
        ).item and turn.chapter is not Chapter.REST:
            turns.setdefault(len(asked), _told(turn.judge, roles))
            given[turn.item.key] = person[turn.item.key]
            if turn.chapter is Chapter.WANT or not have_both(roles):
                asked = dict(given)
        found = turns.setdefault(len(asked), _told(turn.judge, roles))[0]
        ends[risk] = _End(found, _ready(turn.judge, roles).get(found, True), len(given))
    return _Played(_told(everything, roles)[0], _ready(everything, roles), ends, tuple(turns.values()))


def _told(judge: Judge, roles: Sequence[Role]) -> tuple[str, float]:
    """Return the role that is told, and the risk that further answers change it."""
    if have_both(roles):
        wish = judge.wish(roles)
        return wish.role, wish.risk
    state = take_stock(judge.questionnaire, roles, judge.answers, judge.skipped)
    return state.best, state.risk


def _ready(judge: Judge, roles: Sequence[Role]) -> Mapping[str, bool]:
    """Return for each role that asks for skills whether one is ready for it."""
    return {role.key: judge.ability(role).chance >= LIKELY for role in roles if role.requires}


def _stop(played: Sequence[_Played], limit: float) -> Stop:
    ends = [(one.ends[limit], one) for one in played]
    changed = sum(end.role != one.full for end, one in ends) / len(played)
    asked = sum(end.asked for end, _ in ends) / len(played)
    told = [end.is_ready != one.ready[end.role] for end, one in ends if end.role in one.ready]
    ready = sum(told) / len(told) if told else None
    return Stop(
        limit,
        asked,
        changed,
        _error(changed, len(played)),
        ready,
        None if ready is None else _error(ready, len(told)),
    )


def _error(share: float, count: int) -> float:
    return math.sqrt(share * (1 - share) / count)


def _bands(played: Sequence[_Played]) -> Iterator[Band]:
    """Yield how often roles stayed that were said to stay with about the same chance."""
    said = [(1 - risk, role == one.full) for one in played for role, risk in one.turns]
    for low, high in pairwise(LIMITS):
        some = [(chance, stayed) for chance, stayed in said if low <= chance < high]
        if some:
            chances, stayed = zip(*some, strict=True)
            yield Band(low, high, len(some), sum(chances) / len(some), sum(stayed) / len(some))


def _reliabilities(questionnaire: Questionnaire, replies: Replies) -> Iterator[TraitReliability]:
    for trait, items in questionnaire.items_of.items():
        if items:
            places = places_of(items, replies.of(items))
            whole = places[~np.isnan(places).any(axis=1)]
            yield TraitReliability(trait, len(items), alpha(whole))
