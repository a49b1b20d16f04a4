"""The people in a file of respondents, each with their answers; knows no scores."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from mopscli.assessment.answers import split_skipped
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.knowledge.reader import MAX_PROBLEMS
from mopscli.person.person import Person
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.replies import Reply, problems_of, read_replies
from mopscli.survey.source import Survey, open_survey
from mopscli.text import shorten


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
    for reply in read_replies(survey, questionnaire):
        id_ = reply.id or f"row {reply.line}"
        problems += problems_of(survey, reply)
        if reply.faults:
            continue
        if id_ in twins:
            people.pop(id_, None)
            what = f"'{shorten(id_)}' stands in line {twins[id_]} too, so neither is used"
            problems.append(Problem(Place(str(path), reply.line, 1), what))
            continue
        twins[id_] = reply.line
        given, _ = split_skipped(dict(zip(survey.questions, reply.values, strict=False)))
        if given.keys() & questionnaire.items.keys():
            people[id_] = Person(questionnaire, given)
        else:
            problems.append(Problem(Place(str(path), reply.line, 1), f"'{shorten(id_)}' answered nothing"))
    if not people:
        raise ProblemsFound(problems or [Problem(Place(str(path)), "there is nobody in it")])
    return people, problems


def read_respondents(questionnaire: Questionnaire, path: Path) -> list[dict[str, float]]:
    """Read a file of respondents, as survey tools export it, in which everybody has answered every scored question.

    Raises:
        ProblemsFound: the file cannot be read, a column is missing, or an answer is missing or no option.

    """
    survey = open_survey(questionnaire, path, str(path))
    problems: list[Problem] = []
    people = []
    for reply in read_replies(survey, questionnaire):
        answers = dict(zip(survey.questions, reply.values, strict=False))
        problems += _problems(survey, reply, [key for key in questionnaire.items if answers.get(key) is None])
        if len(problems) >= MAX_PROBLEMS:
            break
        people.append({key: value for key, value in answers.items() if value is not None})
    if not problems and len(people) < 2:
        problems.append(Problem(Place(str(path)), "two people or more are needed"))
    if problems:
        raise ProblemsFound(problems)
    return people


def _problems(survey: Survey, reply: Reply, unanswered: Sequence[str]) -> Iterator[Problem]:
    """Yield what keeps a reply from being replayed: its faults, else the questions without an answer."""
    yield from problems_of(survey, reply)
    for key in () if reply.faults else unanswered:
        yield Problem(Place(survey.name, reply.line, survey.questions[key] + 1), f"{key}: no answer")
