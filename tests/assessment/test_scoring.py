"""The scores of an assessment, against the formulas of the design written once more, with the exact Phi."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from assessments import (
    Answers,
    draw_people,
    exact_beliefs,
    exact_movable,
    exact_parts,
    exact_variance,
    few_examples,
    fit_losses,
    lead_losses,
    phi,
    roles_of,
    some_answers,
    true_fit,
)
from mopscli.assessment.scoring import score_of
from mopscli.assessment.verdict import assess
from people import scoring_of, with_few_traits
from samples import bundled, bundled_questionnaire


@pytest.mark.parametrize("together", [0.0, 0.3])
@few_examples
@given(answers=some_answers())
def test_against_the_formulas(together: float, answers: Answers) -> None:
    """Fit, its parts, its error, the probability or the flip risk would not be those of the design."""
    questionnaire = replace(bundled_questionnaire(), together=together)
    roles = roles_of("head", "director")
    result = assess(questionnaire, roles, answers)
    beliefs = exact_beliefs(questionnaire, answers)
    for belief in result.beliefs:
        assert (belief.mean, belief.sd) == pytest.approx(beliefs[belief.trait], abs=1e-9)
    for role, fit in zip(roles, result.roles, strict=True):
        assert fit.readiness is not None
        assert fit.enjoyment is not None
        assert (fit.readiness, fit.enjoyment) == pytest.approx(exact_parts(role, beliefs), abs=0.02)
        assert fit.fit == pytest.approx((fit.readiness + fit.enjoyment) / 2, abs=1e-9)
        error = math.sqrt(exact_variance(questionnaire, fit_losses(role), beliefs))
        assert fit.se == pytest.approx(error, rel=0.01)
    best, rival = roles_of(result.verdict.role, result.verdict.rival)
    losses = lead_losses(best, rival)
    delta = sum(exact_parts(best, beliefs)) / 2 - sum(exact_parts(rival, beliefs)) / 2
    variance = exact_variance(questionnaire, losses, beliefs)
    assert result.verdict.probability == pytest.approx(phi(delta / math.sqrt(variance)), abs=2e-3)
    rest = [item for key, item in questionnaire.items.items() if key not in answers]
    if rest:
        movable = exact_movable(questionnaire, losses, beliefs, rest)
        risk = phi(-abs(delta) / math.sqrt(movable))
        assert result.verdict.flip_risk == pytest.approx(risk, abs=2e-3)


def test_a_lead_whose_traits_are_drawn() -> None:
    """The variance of a lead would not be that among people drawn from the beliefs."""
    questionnaire, roles = bundled_questionnaire(), roles_of("head", "director")
    answers = {key: item.choices[-2].value for key, item in list(questionnaire.items.items())[::3]}
    result = assess(questionnaire, roles, answers)
    chance = np.random.default_rng(1)
    truth = {one.trait: chance.normal(one.mean, one.sd, 20_000) for one in result.beliefs}
    leads = true_fit(roles[0], truth) - true_fit(roles[1], truth)
    delta, error = leads.mean(), leads.std()
    assert result.roles[0].fit - result.roles[1].fit == pytest.approx(
        delta, abs=5 * error / math.sqrt(20_000)
    )
    chance_of_first = result.verdict.probability
    if result.verdict.role != "head":
        chance_of_first = 1 - chance_of_first
    # A standard deviation from so many is within 2.5 % of the true one.
    assert chance_of_first == pytest.approx(phi(delta / error), abs=0.015)


@pytest.mark.parametrize("together", [0.0, 0.3])
def test_ranges_keep_their_promise(together: float) -> None:
    """The 90 % range beside a fit would hold the truth of many more or fewer than 90 of 100 people."""
    everything = scoring_of(bundled(), bundled_questionnaire(), ("head", "director"))
    some = list(everything.questionnaire.priors)[::6]
    scoring = with_few_traits(everything, traits=some)
    questionnaire = replace(scoring.questionnaire, together=together)
    held = [0, 0]
    for truth, answers in draw_people(questionnaire, 400):
        for number, fit in enumerate(assess(questionnaire, scoring.roles, answers).roles):
            held[number] += fit.low <= true_fit(scoring.roles[number], truth) <= fit.high
    assert all(0.86 <= count / 400 <= 0.94 for count in held), held


def test_a_role_without_traits() -> None:
    """A role that asks for nothing and gives nothing would fit less than wholly, or end in a traceback."""
    assert score_of({}, {}) == (100.0, None, None)
