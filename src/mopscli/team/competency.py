"""A skill that a role asks for, as papers for a hire speak of it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from mopscli.knowledge.staffing import InterviewQuestion

# So many skills a role description and an advertisement name.
COUNTING: Final = 6


class Competency(NamedTuple):
    """A skill that a role asks for, what its level looks like, and what the candidate's answers say of it.

    `rated` is the level that the candidate chose, from 0 to 5, or the mean of what is believed where there is more
    than one question; None without an answer. `gap` tells whether what is believed is below the needed level by
    more than one standard deviation.
    """

    skill: str
    needed: int
    weight: float
    marker: str
    source: str | None
    rated: float | None
    gap: bool
    questions: tuple[InterviewQuestion, ...]


def that_count(competencies: Iterable[Competency]) -> tuple[Competency, ...]:
    """Return the six skills that count most: of the greatest weight, and among these of the highest level."""
    return tuple(sorted(competencies, key=lambda some: (-some.weight, -some.needed))[:COUNTING])
