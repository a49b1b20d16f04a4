"""Answers to questionnaires, what is assessed from them, and the formulas of the design written once more.

They are written with the exact Phi and with numerical integration, so that they share nothing with the program.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import settings, strategies as st
from scipy.special import ndtr

from mopscli.assessment.questionnaire import Item, Questionnaire, prepare
from mopscli.assessment.verdict import Assessment, assess
from mopscli.knowledge import load
from mopscli.knowledge.entries import Role
from samples import bundled, bundled_questionnaire

Answers = dict[str, float]
Array = np.ndarray[Any, np.dtype[Any]]
# An example is a whole questionnaire; a few dozen of them cover it.
few_examples = settings(max_examples=25)


def roles_of(*keys: str) -> list[Role]:
    """Return bundled roles."""
    return [bundled().roles[key] for key in keys]


def run(answers: Mapping[str, float], *keys: str, skipped: tuple[str, ...] = ()) -> Assessment:
    """Assess answers to the bundled questionnaire, between Head and Director unless roles are named."""
    return assess(bundled_questionnaire(), roles_of(*(keys or ("head", "director"))), answers, skipped)


@st.composite
def some_answers(draw: st.DrawFn, complete: bool = False) -> Answers:
    """Draw answers to some of the bundled questions, or to each."""
    items = bundled_questionnaire().items
    keys = list(items) if complete else draw(st.lists(st.sampled_from(list(items)), unique=True))
    return {key: draw(st.sampled_from(items[key].choices)).value for key in keys}


# Questions of every kind, with noise and priors of their own.
EVERY_KIND = """\
between: [author, editor]
prior:
  skill: {mean: 2, sd: 1}
  drive: {mean: 3, sd: 1.5}
noise: {skill: 0.5, agree: 1, reversed: 2, tradeoff: 0.8}
questions:
  writes: {kind: skill, trait: writing}
  edits: {kind: skill, trait: editing, text: What have you edited?, noise: 0.7}
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
  noisy: {kind: reversed, trait: calm, text: I like a busy room.}
  library: {kind: tradeoff, trait: calm, first: A library., second: A market., high: first}
  island: {kind: tradeoff, trait: calm, first: A city., second: An island., high: second}
context:
  books:
    text: How many books?
    options: [{value: 0, text: None so far}, {value: 3, text: 3 or more}]
"""


def folder_of(folder: Path, questions: str | None = EVERY_KIND) -> tuple[Questionnaire, list[Role]]:
    """Return the questionnaire and the roles of a folder, with these questions written into it."""
    if questions is not None:
        (folder / "questions.yaml").write_text(questions, encoding="utf-8")
    knowledge = load(folder)
    return prepare(knowledge), list(knowledge.roles.values())


def phi(z: float) -> float:
    """Return the standard normal distribution."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal(z: float) -> float:
    """Return the standard normal density."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


# --- What an answer says --------------------------------------------------------------------------


@lru_cache(maxsize=1000)
def exact_options(
    mu: float, tau2: float, s2: float, places: Sequence[float]
) -> tuple[tuple[float, float, float], ...]:
    """Return, of each option, how many choose it, and the mean and variance of the trait among these.

    By Bayes' theorem on a grid: theta + noise is nearest to the option's place.
    """
    theta = mu + math.sqrt(tau2) * np.linspace(-9, 9, 6001)
    prior = np.exp(-((theta - mu) ** 2) / (2 * tau2))
    edges = [-math.inf, *((one + other) / 2 for one, other in pairwise(places)), math.inf]
    found = []
    for low, high in pairwise(edges):
        below, above = ((edge - theta) / math.sqrt(s2) for edge in (low, high))
        # On either side of the option, the tail that does not cancel.
        chosen = np.where(below > 0, ndtr(-below) - ndtr(-above), ndtr(above) - ndtr(below))
        weight = prior * chosen
        total = float(weight.sum())
        mean = float(weight @ theta) / total
        found.append((total / float(prior.sum()), mean, float(weight @ (theta - mean) ** 2) / total))
    return tuple(found)


def exact_reading(item: Item, value: float, prior: tuple[float, float]) -> tuple[float, float]:
    """Return the level and the variance that take a normal prior to where the answer takes it."""
    places = tuple(sorted(choice.y for choice in item.choices))
    (place,) = (choice.y for choice in item.choices if choice.value == value)
    _, mean, variance = exact_options(*prior, item.s2, places)[places.index(place)]
    precision = 1 / variance - 1 / prior[1]
    return (mean / variance - prior[0] / prior[1]) / precision, 1 / precision


def exact_expected_s2(item: Item, prior: tuple[float, float]) -> float:
    """Return the variance of error that leaves as much of the prior as an answer is expected to leave."""
    options = exact_options(*prior, item.s2, tuple(sorted(choice.y for choice in item.choices)))
    left = sum(share * variance for share, _, variance in options)
    return 1 / (1 / left - 1 / prior[1])


def exact_beliefs(
    questionnaire: Questionnaire, answers: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each trait, by the formulas of the design."""
    found = {}
    for trait, prior in questionnaire.priors.items():
        precision, weighted = 1 / prior[1], prior[0] / prior[1]
        for key, value in answers.items():
            item = questionnaire.items.get(key)
            if item and item.trait == trait:
                y, s2 = exact_reading(item, value, prior)
                precision, weighted = precision + 1 / s2, weighted + y / s2
        found[trait] = weighted / precision, 1 / math.sqrt(precision)
    return found


# --- What roles lose ------------------------------------------------------------------------------


def exact_parts(role: Role, beliefs: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Return readiness and enjoyment by the formulas of the design."""
    short = most_short = off = most_off = 0.0
    for trait, demand in role.requires.items():
        m, s = beliefs[trait]
        z = (demand.level - m) / s
        short += demand.weight * ((demand.level - m) * phi(z) + s * normal(z))
        most_short += demand.weight * demand.level
    for trait, demand in role.offers.items():
        m, s = beliefs[trait]
        z = (demand.level - m) / s
        off += demand.weight * ((demand.level - m) * (2 * phi(z) - 1) + 2 * s * normal(z))
        most_off += demand.weight * max(demand.level, 5 - demand.level)
    return 100 * (1 - short / most_short), 100 * (1 - off / most_off)


# What a trait adds to a fit or a lead: of each loss, the level, whether both sides count, and points for a level.
Losses = tuple[tuple[int, bool, float], ...]


def fit_losses(role: Role) -> dict[str, Losses]:
    """Return what each trait adds to a fit, half of which is readiness if the role has both kinds of traits."""
    ready = sum(demand.weight * demand.level for demand in role.requires.values())
    enjoy = sum(demand.weight * max(demand.level, 5 - demand.level) for demand in role.offers.values())
    half = 50 if ready and enjoy else 100
    skills = {key: ((d.level, False, -half * d.weight / ready),) for key, d in role.requires.items()}
    drives = {key: ((d.level, True, -half * d.weight / enjoy),) for key, d in role.offers.items()}
    return {**skills, **drives}


def lead_losses(one: Role, other: Role) -> dict[str, Losses]:
    """Return what each trait adds to the lead of one role over another, half of each fit being readiness."""
    mine, theirs = fit_losses(one), fit_losses(other)
    return {
        trait: (
            *mine.get(trait, ()),
            *((level, both, -points) for level, both, points in theirs.get(trait, ())),
        )
        for trait in {**mine, **theirs}
    }


def points_at(losses: Losses, theta: Array) -> Array:
    """Return what a trait adds at its true levels."""
    found = np.zeros_like(theta)
    for level, both, points in losses:
        found += points * (np.abs(level - theta) if both else np.maximum(0, level - theta))
    return found


LEGENDRE = np.polynomial.legendre.leggauss(24)


def spots(m: float, s: float, breaks: Iterable[float] = ()) -> tuple[Array, Array]:
    """Return nodes and weights for an integral over a normal distribution, of what is smooth between breaks."""
    ends = [-9.0, -3.0, 0.0, 3.0, 9.0, *(max(-9.0, min(9.0, (x - m) / s)) for x in breaks)]
    pieces = [(low, high) for low, high in pairwise(sorted(ends)) if high > low]
    z = np.concatenate([(low + high + (high - low) * LEGENDRE[0]) / 2 for low, high in pieces])
    weights = np.concatenate([(high - low) / 2 * LEGENDRE[1] for low, high in pieces])
    return m + s * z, weights * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def moments(weights: Array, theta: Array, x: Array) -> tuple[float, float, float]:
    """Return the mean of x, its variance, and its covariance with theta."""
    mean = weights @ x
    return float(mean), float(weights @ (x - mean) ** 2), float(weights @ ((x - mean) * theta))


@lru_cache(maxsize=10_000)
def exact_doubt(losses: Losses, m: float, s: float) -> tuple[float, float, float]:
    """Return mean and variance of what a trait adds, and its covariance with the trait."""
    theta, weights = spots(m, s, (level for level, _, _ in losses))
    return moments(weights, theta, points_at(losses, theta))


@lru_cache(maxsize=10_000)
def exact_move(losses: Losses, m: float, s: float, left: float) -> tuple[float, float, float]:
    """Return the same of what a trait will be expected to add once answers leave a variance, and their mean.

    The mean will be N(m, s^2 - left), and what is expected then is integrated as well.
    """
    means, weights = spots(m, math.sqrt(s * s - left))
    apart = (np.array([[level] for level, _, _ in losses]) - means) / math.sqrt(left)
    density = np.exp(-apart * apart / 2) / math.sqrt(2 * math.pi)
    short = math.sqrt(left) * (apart * ndtr(apart) + density)
    beyond = short - math.sqrt(left) * apart
    points = np.array([points for _, _, points in losses])
    both = np.array([[both] for _, both, _ in losses])
    return moments(weights, means, points @ np.where(both, short + beyond, short))


def total_of(
    parts: Iterable[tuple[float, float, float]], prior_sds: Iterable[float], together: float
) -> float:
    """Return the variance of a sum over traits of which every two have a correlation: of all pairs, one by one."""
    found = list(zip(parts, prior_sds, strict=True))
    return sum(
        variance if i == j else together * covariance / sd * other / other_sd
        for i, ((_, variance, covariance), sd) in enumerate(found)
        for j, ((_, _, other), other_sd) in enumerate(found)
    )


def exact_variance(
    questionnaire: Questionnaire, losses: Mapping[str, Losses], beliefs: Mapping[str, tuple[float, float]]
) -> float:
    """Return the variance of a fit or of a lead."""
    parts = (exact_doubt(some, *beliefs[trait]) for trait, some in losses.items())
    return total_of(
        parts, (math.sqrt(questionnaire.priors[trait][1]) for trait in losses), questionnaire.together
    )


def exact_movable(
    questionnaire: Questionnaire,
    losses: Mapping[str, Losses],
    beliefs: Mapping[str, tuple[float, float]],
    items: Iterable[Item],
) -> float:
    """Return by how much answers to some questions are expected to move a lead, as a variance."""
    more = dict.fromkeys(losses, 0.0)
    for item in items:
        if item.trait in more:
            more[item.trait] += 1 / exact_expected_s2(item, questionnaire.priors[item.trait])
    asked = [trait for trait in losses if more[trait]]
    parts = (
        exact_move(losses[trait], m, s, 1 / (s**-2 + more[trait]))
        for trait in asked
        for m, s in (beliefs[trait],)
    )
    return total_of(
        parts, (math.sqrt(questionnaire.priors[trait][1]) for trait in asked), questionnaire.together
    )


# --- People as the model has them -----------------------------------------------------------------


def draw_people(questionnaire: Questionnaire, count: int, seed: int = 1) -> Iterator[tuple[Answers, Answers]]:
    """Yield true levels, and answers to all questions: the option that is nearest to the level with its noise."""
    chance, rho = Random(seed), questionnaire.together
    for _ in range(count):
        common = chance.gauss(0, 1)
        truth = {
            trait: mu + math.sqrt(tau2) * (math.sqrt(rho) * common + math.sqrt(1 - rho) * chance.gauss(0, 1))
            for trait, (mu, tau2) in questionnaire.priors.items()
        }
        said = {
            key: truth[item.trait] + chance.gauss(0, item.s2**0.5)
            for key, item in questionnaire.items.items()
        }
        yield (
            truth,
            {
                key: min(item.choices, key=lambda choice: abs(choice.y - said[item.key])).value
                for key, item in questionnaire.items.items()
            },
        )


def true_fit(role: Role, truth: Mapping[str, Any]) -> Any:
    """Return the fit of somebody whose traits are known, or of many; half of it is readiness."""
    return 100 + sum(points_at(some, np.asarray(truth[trait])) for trait, some in fit_losses(role).items())
