"""Answers to questionnaires, what is assessed from them, and the formulas of the design written once more."""

import math
from collections.abc import Mapping
from pathlib import Path

from hypothesis import settings, strategies as st

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.verdict import Assessment, assess
from mopscli.knowledge import load
from mopscli.knowledge.entries import Role
from samples import bundled, bundled_questionnaire

Answers = dict[str, float]
# An example is a whole questionnaire; a few dozen of them cover it.
few_examples = settings(max_examples=40)


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


def exact_beliefs(
    questionnaire: Questionnaire, answers: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each trait, by the formulas of the design."""
    found = {}
    for trait, (mu, tau2) in questionnaire.priors.items():
        precision, weighted = 1 / tau2, mu / tau2
        for key, value in answers.items():
            item = questionnaire.items.get(key)
            if item and item.trait == trait:
                (y,) = (choice.y for choice in item.choices if choice.value == value)
                precision, weighted = precision + 1 / item.s2, weighted + y / item.s2
        found[trait] = weighted / precision, 1 / math.sqrt(precision)
    return found


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


def exact_slopes(one: Role, other: Role, beliefs: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return how the difference of two fits changes with each trait's mean, half of the fit being readiness."""
    slopes = dict.fromkeys(beliefs, 0.0)
    for sign, role in ((1, one), (-1, other)):
        ready = sum(demand.weight * demand.level for demand in role.requires.values())
        enjoy = sum(demand.weight * max(demand.level, 5 - demand.level) for demand in role.offers.values())
        for trait, demand in role.requires.items():
            m, s = beliefs[trait]
            slopes[trait] += sign * 50 * demand.weight / ready * phi((demand.level - m) / s)
        for trait, demand in role.offers.items():
            m, s = beliefs[trait]
            slopes[trait] += sign * 50 * demand.weight / enjoy * (2 * phi((demand.level - m) / s) - 1)
    return slopes
