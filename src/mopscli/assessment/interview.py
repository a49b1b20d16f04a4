"""What the interview asks next, and when it may end: decided once, for the terminal and for the replay."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.assessment.answers import split_skipped
from mopscli.assessment.questionnaire import Item, Questionnaire
from mopscli.assessment.standing import State, next_question, take_stock
from mopscli.knowledge.entries import Role

# Fewer scored answers than these decide nothing, whatever the priors say.
LEAST_ANSWERS: Final = 5


class Turn(NamedTuple):
    """Where an interview is: how things stand, what to ask next, and whether enough was answered to judge."""

    state: State
    item: Item | None
    enough: bool

    def may_end(self, until: float) -> bool:
        """Tell whether the end may be offered: the remaining questions change the verdict with less than a risk."""
        return self.item is None or (self.enough and self.state.risk < until)


def take_turn(questionnaire: Questionnaire, roles: Sequence[Role], given: Mapping[str, float | None]) -> Turn:
    """Return where an interview is after some answers; None is a question that was skipped."""
    state = take_stock(questionnaire, roles, *split_skipped(given))
    scored = sum(key in questionnaire.items and value is not None for key, value in given.items())
    return Turn(state, next_question(state), scored >= LEAST_ANSWERS)
