"""Measure on simulated respondents whether the self-assessment keeps what it promises.

Respondents are drawn from the model: each trait from its prior, each answer from the trait and the noise of the
question. Then the same with what the model does not assume.
"""

import math
import random
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mopscli.assessment.calibration import Replies
from mopscli.assessment.questionnaire import Item, Questionnaire, prepare
from mopscli.assessment.replay import replay
from mopscli.assessment.verdict import assess
from mopscli.knowledge import bundled_folder, load
from mopscli.knowledge.entries import Role

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
RISK = 0.05
Truth = dict[str, float]


def draw_truth(questionnaire: Questionnaire, chance: random.Random) -> Truth:
    """Draw somebody's traits from the priors."""
    return {trait: chance.gauss(mu, math.sqrt(tau2)) for trait, (mu, tau2) in questionnaire.priors.items()}


def draw_correlated(questionnaire: Questionnaire, chance: random.Random) -> Truth:
    """Draw traits that go together: half of each one's variance is common to all."""
    common = chance.gauss(0, 1)
    return {
        trait: mu + math.sqrt(tau2 / 2) * (common + chance.gauss(0, 1))
        for trait, (mu, tau2) in questionnaire.priors.items()
    }


def draw_answers(questionnaire: Questionnaire, truth: Truth, chance: random.Random) -> dict[str, float]:
    """Draw an answer to every question: the option that is nearest to what somebody would say."""
    return {
        key: choose(item, truth[item.trait] + chance.gauss(0, math.sqrt(item.s2)))
        for key, item in questionnaire.items.items()
    }


def choose(item: Item, y: float) -> float:
    """Return the number of the option that is nearest to a level."""
    return min(item.choices, key=lambda choice: abs(choice.y - y)).value


def agree_more(questionnaire: Questionnaire, truth: Truth, chance: random.Random) -> dict[str, float]:
    """Draw answers of people who agree by one level more than they should, whatever the statement says."""
    shift = {"agree": 1.0, "reversed": -1.0}
    return {
        key: choose(item, truth[item.trait] + chance.gauss(0, math.sqrt(item.s2)) + shift.get(item.kind, 0.0))
        for key, item in questionnaire.items.items()
    }


def true_fit(role: Role, truth: Truth, a: float) -> float:
    """Return the fit of somebody whose traits are known exactly."""
    ready = sum(d.weight * max(0.0, d.level - truth[t]) for t, d in role.requires.items())
    enjoy = sum(d.weight * abs(d.level - truth[t]) for t, d in role.offers.items())
    most_ready = sum(d.weight * d.level for d in role.requires.values())
    most_enjoy = sum(d.weight * max(d.level, 5 - d.level) for d in role.offers.values())
    return 100 * (a * (1 - ready / most_ready) + (1 - a) * (1 - enjoy / most_enjoy))


def simulate(
    name: str,
    questionnaire: Questionnaire,
    roles: tuple[Role, Role],
    truth_of: Callable[[Questionnaire, random.Random], Truth],
    answers_of: Callable[[Questionnaire, Truth, random.Random], dict[str, float]],
) -> None:
    """Print how the promises hold for one kind of respondents."""
    chance = random.Random(1)
    inside = fits = sure = right = 0
    rows = []
    for _ in range(PEOPLE):
        truth = truth_of(questionnaire, chance)
        answers = answers_of(questionnaire, truth, chance)
        full = assess(questionnaire, roles, answers)
        true = {role.key: true_fit(role, truth, questionnaire.readiness_share) for role in roles}
        best = max(true, key=lambda key: true[key])
        for fit in full.roles:
            fits += 1
            low, high = fit.fit - 1.6448536 * fit.se, fit.fit + 1.6448536 * fit.se
            inside += low <= true[fit.key] <= high
        some = dict(chance.sample(sorted(answers.items()), len(answers) // 3))
        for answered in (answers, some):
            verdict = assess(questionnaire, roles, answered).verdict
            if 0.8 <= verdict.probability < 0.9:
                sure += 1
                right += verdict.role == best
        rows.append([digit_of(item, answers[key]) for key, item in questionnaire.items.items()])
    played = replay(questionnaire, roles, Replies(tuple(questionnaire.items), np.array(rows, np.int8)), RISK)
    questions = len(questionnaire.items)
    print(f"{name}: {PEOPLE:,} people, {questions} questions")
    print(f"  90 % intervals that hold the truth: {100 * inside / fits:.1f} %")
    print(f"  right among verdicts said to be 80 to 90 % sure: {100 * right / max(sure, 1):.1f} % of {sure}")
    shares = ", ".join(f"{share.role} {100 * share.share:.0f} %" for share in played.roles)
    print(f"  wanted by all answers: {shares}")
    print(
        f"  wanted role that the full questionnaire changes, at 5 % risk: {100 * played.verdict_changed:.1f} %"
    )
    print(f"  ready or not that it changes: {100 * (played.ready_changed or 0):.1f} %")
    print(f"  questions asked: {played.asked_mean:.1f} ({100 * played.asked_mean / questions:.0f} %)")


def digit_of(item: Item, value: float) -> int:
    """Return the place of an option among those of its question, from 1 on."""
    return 1 + [choice.value for choice in item.choices].index(value)


def main() -> None:
    """Simulate Head against Director."""
    knowledge = load(bundled_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    known = replace(questionnaire, together=0.5)
    roles = (knowledge.roles["head"], knowledge.roles["director"])
    simulate("As the model has it", questionnaire, roles, draw_truth, draw_answers)
    simulate("Traits that go together", questionnaire, roles, draw_correlated, draw_answers)
    simulate("Traits that go together, as the model knows", known, roles, draw_correlated, draw_answers)
    simulate("People who agree too much", questionnaire, roles, draw_truth, agree_more)


if __name__ == "__main__":
    main()
