"""The norms of a group, counted from everybody's answers; needs numpy."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mopscli.assessment.arrays import ARRAYS, Array
from mopscli.assessment.calibration import Replies
from mopscli.assessment.formulas import Number, believe
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import score_of, terms_of
from mopscli.knowledge.entries import Role
from mopscli.knowledge.norms import LEAST_BETWEEN, LEAST_PEOPLE

MOST_VALUES = 19


def count_norms(
    questionnaire: Questionnaire, roles: Sequence[Role], replies: Replies, group: str, date: str
) -> Mapping[str, Any]:
    """Return what norms.yaml is to hold: for each trait and each role, values that part the group evenly.

    At least LEAST_BETWEEN people are between two of them, and values are rounded, so that nobody can be read back.
    """
    beliefs, traits = {}, {}
    for trait, items in questionnaire.items_of.items():
        digits = replies.of(items)
        given = []
        for number, item in enumerate(items):
            options = sorted(item.choices, key=lambda choice: choice.y)
            read = [(choice.reading.y, choice.reading.s2) for choice in options if choice.reading]
            table = np.array([(math.nan, math.nan), *read])[digits[:, number]]
            given.append((table[:, 0], table[:, 1]))
        beliefs[trait] = believe(ARRAYS, *questionnaire.priors[trait], given)
        answered = (digits > 0).any(axis=1)
        if answered.sum() >= LEAST_PEOPLE:
            traits[trait] = _norm(np.broadcast_to(beliefs[trait].m, answered.shape)[answered], 1)
    fits = {role.key: _norm(_fits(questionnaire, role, beliefs, len(replies.digits)), 0) for role in roles}
    named = {"group": group} if group else {}
    return {**named, "date": date, "traits": traits, "roles": fits}


def _fits(questionnaire: Questionnaire, role: Role, beliefs: Mapping[str, Any], people: int) -> Array:
    terms = terms_of(role, questionnaire.readiness_share)
    lost: dict[str, Number] = {}
    for trait, term in terms.items():
        expected = term.points * term.lost(ARRAYS, beliefs[trait]).expected
        lost[term.part] = lost.get(term.part, 0.0) + expected
    return np.broadcast_to(score_of(terms, lost).fit, (people,))


def _norm(values: Array, decimals: int) -> dict[str, Any]:
    parts = min(MOST_VALUES + 1, len(values) // LEAST_BETWEEN)
    shares = np.arange(1, parts) / parts
    return {"people": len(values), "values": [float(x) for x in np.quantile(values, shares).round(decimals)]}
