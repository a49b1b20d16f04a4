"""One person: what their answers say of each trait, and how ready that makes them for a role."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from mopscli.assessment.advice import Judge, Readiness, find_readiness, gate_met, readiness_terms
from mopscli.assessment.formulas import Belief
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import NO_TERM
from mopscli.assessment.standing import believe_all, points_lost
from mopscli.knowledge.entries import Gate, Role


@dataclass(frozen=True)
class Person:
    """Somebody who has answered questions; the answers are the numbers of options, by question key."""

    questionnaire: Questionnaire
    answers: Mapping[str, float]

    @cached_property
    def beliefs(self) -> Mapping[str, Belief]:
        """What the answers say about each trait."""
        return believe_all(self.questionnaire, self.answers)

    def level(self, trait: str) -> int:
        """Return the level that the answers speak for, from 0 to 5; the prior's where there are none."""
        return int(self.beliefs[trait].m + 0.5)

    def levels(self) -> dict[str, int]:
        """Return the level of every trait."""
        return {trait: self.level(trait) for trait in self.beliefs}

    def is_known(self, trait: str) -> bool:
        """Tell whether a question about a trait was answered."""
        return any(item.key in self.answers for item in self.questionnaire.items_of[trait])

    def is_ready(self, role: Role, wanted: float) -> bool:
        """Tell whether one is ready for a role, by the rule of the advice, where so much readiness is wanted."""
        return Judge(self.questionnaire, self.answers, (), wanted).ability(role).is_ready

    def rated(self, trait: str) -> float:
        """Return the level that was chosen for a trait, or the mean of what is believed with more answers."""
        given = [item for item in self.questionnaire.items_of[trait] if item.key in self.answers]
        if len(given) == 1 and given[0].kind == "skill":
            return self.answers[given[0].key]
        return float(self.beliefs[trait].m)

    def reaches(self, trait: str, level: int) -> bool:
        """Tell whether the answers allow a level: it is at most one standard deviation above their mean."""
        belief = self.beliefs[trait]
        return self.is_known(trait) and belief.m + math.sqrt(belief.v) >= level

    def with_levels(self, levels: Mapping[str, int]) -> "Person":
        """Return the same person with the questions about some traits answered as one at these levels would."""
        changed = {
            item.key: min(item.choices, key=lambda choice: abs(choice.y - level)).value
            for trait, level in levels.items()
            for item in self.questionnaire.items_of[trait]
        }
        return replace(self, answers={**self.answers, **changed})

    def gates_ahead(self, role: Role) -> tuple[Gate, ...]:
        """Return the must-haves of a role that the answers do not show to be met."""
        return tuple(gate for gate in role.gates if not gate_met(gate, self.answers))

    def readiness(self, role: Role) -> Readiness:
        """Return how ready one is for a role; 100 for a role that asks for no skill."""
        return find_readiness(self.questionnaire, self.beliefs, role)

    def lost_by(self, role: Role, skill: str) -> float:
        """Return the points of readiness that a skill is expected to take."""
        return points_lost(readiness_terms(role).get(skill, NO_TERM), self.beliefs[skill])
