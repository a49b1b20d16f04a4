"""Measure on simulated people whether a calibration finds what made their answers, and whether promises hold then.

People are noisier and more alike than the questionnaire says: noise 1.25 times, spread 0.75 times what is set. The
questionnaire is calibrated on 60 of them and tried on others.
"""

import math
import sys
from statistics import mean

import numpy as np

from mopscli.assessment.calibration import Calibration, Replies, calibrate, calibrated
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.replay import replay
from mopscli.assessment.verdict import assess
from mopscli.knowledge import bundled_folder, load
from mopscli.knowledge.entries import Role

FITS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
PEOPLE, OTHERS = 60, 150
NOISE, SPREAD = 1.25, 0.75
Z_90 = 1.6448536


def draw(
    questionnaire: Questionnaire, people: int, together: float, seed: int
) -> tuple[Replies, dict[str, np.ndarray]]:
    """Draw people's traits, `together` of whose variance is common to all, and their answers."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=people)
    truth, columns = {}, []
    for trait, (mu, tau2) in questionnaire.priors.items():
        own = math.sqrt(1 - together) * chance.normal(size=people)
        truth[trait] = mu + SPREAD * math.sqrt(tau2) * (math.sqrt(together) * common + own)
    for item in questionnaire.items.values():
        y = truth[item.trait] + NOISE * math.sqrt(item.s2) * chance.normal(size=people)
        places = np.array([choice.y for choice in item.choices])
        columns.append(np.abs(y[:, None] - places).argmin(axis=1) + 1)
    return Replies(tuple(questionnaire.items), np.stack(columns, axis=1).astype(np.int8)), truth


def within(questionnaire: Questionnaire, found: Calibration) -> list[bool]:
    """Tell for each value that was found whether the true one is within two standard errors."""
    pairs = [(fit.noise, NOISE) for fit in found.items] + [(fit.sd, SPREAD) for fit in found.traits]
    pairs += [(fit.mean, 1.0) for fit in found.traits]
    return [
        abs(value.after - times * value.before) <= 2 * value.se
        for value, times in pairs
        if value.se is not None
    ]


def true_fit(role: Role, truth: dict[str, float], share: float) -> float:
    """Return the fit of somebody whose traits are known exactly."""
    short = sum(d.weight * max(0.0, d.level - truth[t]) for t, d in role.requires.items())
    away = sum(d.weight * abs(d.level - truth[t]) for t, d in role.offers.items())
    most_short = sum(d.weight * d.level for d in role.requires.values())
    most_away = sum(d.weight * max(d.level, 5 - d.level) for d in role.offers.values())
    return 100 * (share * (1 - short / most_short) + (1 - share) * (1 - away / most_away))


def main() -> None:
    """Calibrate and try, for traits that are independent and for traits that go together."""
    knowledge = load(bundled_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    roles = (knowledge.roles["head"], knowledge.roles["director"])
    for together in (0.0, 0.5):
        inside, held, correlations = [], [], []
        plays: dict[float, list[tuple[float, float]]] = {}
        for seed in range(FITS):
            found = calibrate(questionnaire, draw(questionnaire, PEOPLE, together, seed)[0])
            inside += within(questionnaire, found)
            correlations.append(found.together.after)
            fitted = calibrated(questionnaire, found)
            replies, truth = draw(questionnaire, OTHERS, together, 1000 + seed)
            for number, row in enumerate(replies.digits.tolist()):
                given = {
                    key: questionnaire.items[key].choices[digit - 1].value
                    for key, digit in zip(replies.keys, row, strict=True)
                }
                traits = {trait: float(values[number]) for trait, values in truth.items()}
                for role, fit in zip(roles, assess(fitted, roles, given).roles, strict=True):
                    off = fit.fit - true_fit(role, traits, fitted.readiness_share)
                    held.append(abs(off) <= Z_90 * fit.se)
            for stop in replay(fitted, roles, replies, 0.05).stops:
                plays.setdefault(stop.flip_risk, []).append((stop.verdict_changed, stop.asked_mean))
        print(f"{FITS} calibrations on {PEOPLE} people, {OTHERS} others each, traits together {together:g}")
        print(f"  values within two standard errors: {100 * mean(inside):.1f} %")
        print(f"  correlation of traits found: {mean(correlations):.2f}")
        print(f"  90 % ranges that hold the truth: {100 * mean(held):.1f} %")
        for limit, found_here in plays.items():
            changed, asked = (mean(column) for column in zip(*found_here, strict=True))
            share = 100 * asked / len(questionnaire.items)
            print(f"  promised {100 * limit:g} %: {100 * changed:.1f} % changed, {share:.0f} % asked")


if __name__ == "__main__":
    main()
