"""Complete answers of many people, replayed as the adaptive interview would have asked them; needs numpy."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from mopscli.assessment.calibration import Replies, alpha, places_of
from mopscli.assessment.interview import take_turn
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
    all answers give another role, and `se` the standard error of that share.
    """

    flip_risk: float
    asked_mean: float
    verdict_changed: float
    se: float


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
    """The share of people, from 0 to 1, whom all their answers give a role."""

    role: str
    share: float


class Replay(NamedTuple):
    """What the adaptive interview would have done.

    `asked_mean`, `verdict_changed` and `se` are those of the stop at `flip_risk`, the risk that was asked for;
    `trained` is the number of people that the questionnaire was calibrated on before.
    """

    respondents: int
    questions: int
    asked_mean: float
    verdict_changed: float
    se: float
    flip_risk: float
    roles: tuple[RoleShare, ...]
    stops: tuple[Stop, ...]
    bands: tuple[Band, ...]
    traits: tuple[TraitReliability, ...]
    trained: int = 0


class _Played(NamedTuple):
    """How one interview went: the role by all answers, and at each turn the role, its risk and the number asked."""

    full: str
    turns: tuple[tuple[str, float, int, bool], ...]


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
        played.append(_play(questionnaire, roles, person, risks[0]))
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
    questionnaire: Questionnaire, roles: Sequence[Role], person: Mapping[str, float | None], last: float
) -> _Played:
    """Play the interview with somebody's answers until the risk is below the last one of interest."""
    answers = {key: value for key, value in person.items() if value is not None}
    full = take_stock(questionnaire, roles, answers, [key for key in person if key not in answers]).best
    given: dict[str, float | None] = {}
    turns = []
    while True:
        turn = take_turn(questionnaire, roles, given)
        turns.append((turn.state.best, turn.state.risk, len(given), turn.enough or turn.item is None))
        if turn.item is None or turn.may_end(last):
            return _Played(full, tuple(turns))
        given[turn.item.key] = person[turn.item.key]


def _stop(played: Sequence[_Played], limit: float) -> Stop:
    ends = [
        next((turn for turn in one.turns if turn[3] and turn[1] < limit), one.turns[-1]) for one in played
    ]
    changed = sum(end[0] != one.full for end, one in zip(ends, played, strict=True)) / len(played)
    asked = sum(end[2] for end in ends) / len(played)
    return Stop(limit, asked, changed, math.sqrt(changed * (1 - changed) / len(played)))


def _bands(played: Sequence[_Played]) -> Iterator[Band]:
    """Yield how often verdicts stayed that were said to stay with about the same chance."""
    said = [(1 - risk, role == one.full) for one in played for role, risk, _, enough in one.turns if enough]
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
