"""What one can do and what one would like, for each of some roles, with the range that the doubt leaves."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mopscli.assessment.formulas import Z_90, Belief
from mopscli.assessment.scoring import ENJOYMENT, NO_TERM, READINESS, Term, terms_of
from mopscli.assessment.standing import doubt_about, points_lost, total_variance
from mopscli.knowledge.entries import Role
from mopscli.person.person import Person


class Range(NamedTuple):
    """A quantity from 0 to 100 with its 90 % range, and what it is before anything is answered."""

    low: float
    value: float
    high: float
    usual: float


class RoleRanges(NamedTuple):
    """Readiness and enjoyment of a role; None where no question about its skills, or drives, was answered."""

    role: str
    can: Range | None
    want: Range | None


def find_ranges(person: Person, roles: Sequence[Role]) -> tuple[RoleRanges, ...]:
    """Return what one can do and would like of some roles."""
    return tuple(
        RoleRanges(role.key, _range(person, role, READINESS), _range(person, role, ENJOYMENT))
        for role in roles
    )


def _range(person: Person, role: Role, part: str) -> Range | None:
    terms = {
        trait: term._replace(share=1.0) for trait, term in terms_of(role, 0.5).items() if term.part == part
    }
    if not any(map(person.is_known, terms)):
        return None
    questionnaire = person.questionnaire
    before = {trait: Belief(*questionnaire.priors[trait]) for trait in terms}
    sds = questionnaire.prior_sds
    doubts = (doubt_about(term, NO_TERM, person.beliefs[trait], sds[trait]) for trait, term in terms.items())
    value = 100 - _lost(terms, person.beliefs)
    reach = Z_90 * math.sqrt(total_variance(doubts, questionnaire.together))
    return Range(
        low=min(value, max(0.0, value - reach)),
        value=value,
        high=max(value, min(100.0, value + reach)),
        usual=100 - _lost(terms, before),
    )


def _lost(terms: Mapping[str, Term], beliefs: Mapping[str, Belief]) -> float:
    return sum(points_lost(term, beliefs[trait]) for trait, term in terms.items())
