"""Who asks a candidate what, and for how long: ten questions for a panel; knows no paper."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from mopscli.knowledge.staffing import Interviewer, InterviewQuestion
from mopscli.team.competency import Competency, that_count

# So many questions are asked of a candidate.
QUESTIONS: Final = 10
# Minutes for a question about a skill that counts, for any other, for the must-haves, and for the beginning and the
# candidate's own questions.
MINUTES_THAT_COUNT: Final = 10
MINUTES: Final = 8
MINUTES_FOR_MUSTS: Final = 5
MINUTES_AROUND: Final = 10


class Asked(NamedTuple):
    """A question of an interview, the skill that it is about, and the minutes for it."""

    competency: Competency
    question: InterviewQuestion
    minutes: int


class Sitting(NamedTuple):
    """What one of a panel asks, and for how many minutes the candidate is there; the first takes the must-haves."""

    interviewer: Interviewer
    musts: bool
    questions: tuple[Asked, ...]
    minutes: int


def plan_interview(
    panel: Sequence[Interviewer],
    competencies: Sequence[Competency],
    group_of: Callable[[str], str],
    musts: bool,
) -> tuple[Sitting, ...]:
    """Divide ten questions among a panel, each to whoever knows its group of skills.

    First come the skills in which a candidate's answers show a gap, then those that they leave open, then those
    that decide the role; each has one question before any has two.

    Args:
        panel: who interviews; nobody for no plan.
        competencies: the skills of the role, with what the candidate says of each.
        group_of: tells the group of a skill.
        musts: whether the role has must-haves to confirm.

    """
    counting = {some.skill for some in that_count(competencies)}
    asked = [
        Asked(some, question, MINUTES_THAT_COUNT if some.skill in counting else MINUTES)
        for some, question in _ranked(competencies)
    ][:QUESTIONS]
    seats = _seated(panel, asked, group_of)
    return tuple(
        Sitting(
            interviewer,
            musts and number == 0,
            tuple(questions),
            MINUTES_AROUND
            + MINUTES_FOR_MUSTS * (musts and number == 0)
            + sum(one.minutes for one in questions),
        )
        for number, (interviewer, questions) in enumerate(zip(panel, seats, strict=True))
    )


def _ranked(competencies: Sequence[Competency]) -> Iterator[tuple[Competency, InterviewQuestion]]:
    assessed = any(some.rated is not None for some in competencies)
    order = sorted(
        competencies,
        key=lambda some: (not some.gap, not (assessed and some.rated is None), -some.weight, -some.needed),
    )
    for number in range(max((len(some.questions) for some in order), default=0)):
        yield from ((some, some.questions[number]) for some in order if number < len(some.questions))


def _seated(
    panel: Sequence[Interviewer], asked: Sequence[Asked], group_of: Callable[[str], str]
) -> list[list[Asked]]:
    """Give each question to whoever knows its group, as long as all have a fair share."""
    seats: list[list[Asked]] = [[] for _ in panel]
    if not panel:
        return seats
    most = -(-len(asked) // len(panel))
    left = []
    for one in asked:
        group = group_of(one.competency.skill)
        home = next((seats[n] for n, some in enumerate(panel) if group in some.groups), None)
        if home is not None and len(home) < most:
            home.append(one)
        else:
            left.append(one)
    for one in left:
        min(seats, key=len).append(one)
    while True:
        # Of those with most, whoever has the question that counts least passes it on.
        fullest = max(seats, key=lambda seat: (len(seat), asked.index(seat[-1]) if seat else -1))
        emptiest = min(seats, key=len)
        if len(fullest) - len(emptiest) <= 1:
            return seats
        emptiest.append(fullest.pop())
