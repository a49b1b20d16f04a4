"""What is odd about somebody's answers themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mopscli.assessment.formulas import FLOATS, Reading, contradictory, straight_lined
from mopscli.assessment.questionnaire import Item, Questionnaire, read_answer
from mopscli.assessment.scoring import CONTRADICTION, MANY_CONTRADICTIONS, STRAIGHT_LINING


class Remark(NamedTuple):
    """Something about the answers themselves: `straight-lining`, or `contradiction` about a trait."""

    kind: str
    trait: str | None
    text: str


def find_remarks(questionnaire: Questionnaire, answers: Mapping[str, float]) -> tuple[Remark, ...]:
    """Return what is odd about answers: all the same, or at odds with each other beyond their noise."""
    items = [item for key, item in questionnaire.items.items() if key in answers]
    return tuple(_remarks(items, answers))


def are_doubtful(remarks: Iterable[Remark]) -> bool:
    """Tell whether answers are so odd that nothing is clear."""
    kinds = [remark.kind for remark in remarks]
    return STRAIGHT_LINING in kinds or kinds.count(CONTRADICTION) >= MANY_CONTRADICTIONS


def _remarks(items: Sequence[Item], answers: Mapping[str, float]) -> Iterator[Remark]:
    """Yield what is odd about the answers: all the same, or at odds with each other beyond their noise."""
    values = [answers[item.key] for item in items if item.kind != "skill"]
    if straight_lined(len(values), sum(values), sum(value * value for value in values)):
        yield Remark(
            STRAIGHT_LINING,
            None,
            f"All {len(values)} statements have the same answer.",
        )
    by_trait: dict[str, list[Reading]] = {}
    for item in items:
        by_trait.setdefault(item.trait, []).append(read_answer(item, answers[item.key]))
    for trait, given in by_trait.items():
        if contradictory(FLOATS, given):
            yield Remark(
                CONTRADICTION,
                trait,
                f"The {len(given)} answers about it disagree.",
            )
