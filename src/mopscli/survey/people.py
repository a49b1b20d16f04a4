"""The people in a file of respondents, each with their answers; knows no scores."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mopscli.assessment.answers import split_skipped
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.person.person import Person
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.replies import read_replies
from mopscli.survey.rows import problems_of
from mopscli.survey.source import Survey, open_survey
from mopscli.text import shorten


class Respondent(NamedTuple):
    """Somebody in a file: who and in which line they are, what they answered, and what is wrong with their row.

    `cells` are those of the row as text, in the order of the columns.
    """

    id: str
    line: int
    answers: dict[str, float]
    problems: tuple[Problem, ...]
    cells: tuple[str, ...] = ()


def read_people(questionnaire: Questionnaire, survey: Survey) -> Iterator[Respondent]:
    """Yield everybody in a file of respondents; who has no id goes by their row.

    Raises:
        ProblemsFound: the file can no longer be read.

    """
    for reply in read_replies(survey, questionnaire):
        answers, _ = split_skipped(dict(zip(survey.questions, reply.values, strict=False)))
        problems = tuple(problems_of(survey, reply))
        yield Respondent(reply.id or f"row {reply.line}", reply.line, answers, problems, reply.cells)


def read_team(
    questionnaire: Questionnaire, path: Path, id_column: str | None = None
) -> tuple[dict[str, Person], list[Problem]]:
    """Read a survey export of a team; return its people by id, and why rows were left out.

    Raises:
        ProblemsFound: the file cannot be read, or nobody in it can.

    """
    survey = open_survey(questionnaire, path, str(path), id_column=id_column, partial=True)
    people: dict[str, Person] = {}
    problems: list[Problem] = []
    twins: dict[str, int] = {}
    for one in read_people(questionnaire, survey):
        problems += one.problems
        if one.problems:
            continue
        place = Place(survey.name, one.line, 1)
        if one.id in twins:
            people.pop(one.id, None)
            what = f"'{shorten(one.id)}' stands in line {twins[one.id]} too, so neither is used"
            problems.append(Problem(place, what))
            continue
        twins[one.id] = one.line
        if one.answers.keys() & questionnaire.items.keys():
            people[one.id] = Person(questionnaire, one.answers)
        else:
            problems.append(Problem(place, f"'{shorten(one.id)}' answered nothing"))
    if not people:
        raise ProblemsFound(problems or [Problem(Place(survey.name), "there is nobody in it")])
    return people, problems
