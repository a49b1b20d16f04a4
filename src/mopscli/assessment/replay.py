"""Complete answers of many people, replayed as the adaptive interview would have asked them."""

from collections.abc import Mapping, Sequence
from statistics import variance
from typing import NamedTuple

from mopscli.assessment.questionnaire import Questionnaire, answer_place
from mopscli.assessment.verdict import next_question, take_stock
from mopscli.knowledge.entries import Role


class TraitReliability(NamedTuple):
    """How well the questions about a trait agree: Cronbach's alpha, None with fewer than two questions."""

    trait: str
    questions: int
    alpha: float | None


class Replay(NamedTuple):
    """What the adaptive interview would have done.

    `asked_mean` is the mean number of questions it would have asked, `verdict_changed` the share of people, from 0
    to 1, for whom all questions give another role, and `flip_risk` the share that was promised at most.
    """

    respondents: int
    questions: int
    asked_mean: float
    verdict_changed: float
    flip_risk: float
    traits: tuple[TraitReliability, ...]


def replay(
    questionnaire: Questionnaire, roles: Sequence[Role], people: Sequence[Mapping[str, float]], risk: float
) -> Replay:
    """Replay the interview between two roles or more with everybody's answers, ending it below a flip risk."""
    asked = changed = 0
    for answers in people:
        full = take_stock(questionnaire, roles, answers).best
        given: dict[str, float] = {}
        while True:
            state = take_stock(questionnaire, roles, given)
            item = next_question(state)
            if item is None or state.risk < risk:
                break
            given[item.key] = answers[item.key]
        asked += len(given)
        changed += state.best != full
    by_trait: dict[str, list[str]] = {}
    for key, item in questionnaire.items.items():
        by_trait.setdefault(item.trait, []).append(key)
    return Replay(
        respondents=len(people),
        questions=len(questionnaire.items),
        asked_mean=asked / len(people),
        verdict_changed=changed / len(people),
        flip_risk=risk,
        traits=tuple(
            TraitReliability(trait, len(keys), alpha(_places(questionnaire, people, keys)))
            for trait, keys in by_trait.items()
        ),
    )


def _places(
    questionnaire: Questionnaire, people: Sequence[Mapping[str, float]], keys: Sequence[str]
) -> list[list[float]]:
    return [[answer_place(questionnaire.items[key], person[key]) for person in people] for key in keys]


def alpha(columns: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha of some questions, each with everybody's answers on one scale (Cronbach 1951).

    None with fewer than two questions, or if everybody has the same sum.
    """
    count = len(columns)
    sums = [sum(answers) for answers in zip(*columns, strict=True)]
    if count < 2 or not (spread := variance(sums)):
        return None
    return float(count / (count - 1) * (1 - sum(map(variance, columns)) / spread))
