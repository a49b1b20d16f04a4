"""The scores of an assessment, against the formulas of the design written once more, with the exact Phi."""

import math

import pytest
from hypothesis import given

from assessments import (
    Answers,
    exact_beliefs,
    exact_parts,
    exact_slopes,
    few_examples,
    phi,
    roles_of,
    run,
    some_answers,
)
from samples import bundled_questionnaire


@few_examples
@given(some_answers())
def test_against_the_formulas(answers: Answers) -> None:
    """Fit, its parts, its error, the probability or the flip risk would not be those of the design."""
    questionnaire, result = bundled_questionnaire(), run(answers)
    beliefs = exact_beliefs(questionnaire, answers)
    for belief in result.beliefs:
        assert (belief.mean, belief.sd) == pytest.approx(beliefs[belief.trait])
    for role, fit in zip(roles_of("head", "director"), result.roles, strict=True):
        assert fit.readiness is not None
        assert fit.enjoyment is not None
        parts = exact_parts(role, beliefs)
        assert (fit.readiness, fit.enjoyment) == pytest.approx(parts, abs=0.05)
        assert fit.fit == pytest.approx((fit.readiness + fit.enjoyment) / 2, abs=1e-9)
    best, rival = roles_of(result.verdict.role, result.verdict.rival)
    slopes = exact_slopes(best, rival, beliefs)
    rest = [item for key, item in questionnaire.items.items() if key not in answers]
    variance = at_end = 0.0
    for trait, (_, s) in beliefs.items():
        precision = s**-2 + sum(1 / item.s2 for item in rest if item.trait == trait)
        variance += (slopes[trait] * s) ** 2
        at_end += slopes[trait] ** 2 / precision
    delta = sum(exact_parts(best, beliefs)) / 2 - sum(exact_parts(rival, beliefs)) / 2
    assert result.verdict.probability == pytest.approx(phi(delta / math.sqrt(variance)), abs=5e-3)
    if rest:
        risk = phi(-abs(delta) / math.sqrt(variance - at_end))
        assert result.verdict.flip_risk == pytest.approx(risk, abs=0.02)
