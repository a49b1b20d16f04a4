"""Complete answers of many people, replayed as the adaptive interview would have asked them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import variance

from mopscli.answers import value_of
from mopscli.assess import Choice, Questionnaire, answer_place, next_question, take_stock
from mopscli.knowledge import Role
from mopscli.problem import Place, Problem, ProblemsFound, did_you_mean, shorten
from mopscli.reader import MAX_PROBLEMS


@dataclass(frozen=True)
class TraitReliability:
    """How well the questions about a trait agree: Cronbach's alpha, None with fewer than two questions."""

    trait: str
    questions: int
    alpha: float | None


@dataclass(frozen=True)
class Replay:
    """What the adaptive interview would have done.

    `asked_mean` is the mean number of questions it would have asked, `verdict_changed` the share of people, from 0
    to 1, for whom all questions give another role, and `flip_risk` the share that was promised at most.
    """

    respondents: int
    questions: int
    asked_mean: float
    verdict_changed: float
    flip_risk: float
    traits: tuple[TraitReliability, ...]


def read_respondents(questionnaire: Questionnaire, path: Path) -> list[dict[str, float]]:
    """Read a CSV file with a column for each question key, and any others; each row is one person.

    Raises:
        ProblemsFound: the file cannot be read, a column is missing, or an answer is no option.

    """
    choices = {key: item.choices for key, item in questionnaire.items.items()}
    problems: list[Problem] = []
    people = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            columns = {key: header.index(key) for key in choices if key in header}
            if not header:
                problems.append(Problem(Place(str(path)), "the file is empty"))
            elif not columns and len(header) == 1:
                hint = "separate the columns by commas"
                problems.append(Problem(Place(str(path), 1, 1), "the header is one column", hint))
            for name in {name for name in columns if header.count(name) > 1}:
                problems.append(Problem(Place(str(path), 1, 1), f"the column '{name}' stands twice"))
            for key in choices if not problems else ():
                if key not in columns:
                    hint = did_you_mean(key, [name for name in header if name not in choices])
                    problems.append(Problem(Place(str(path), 1, 1), f"no column is called '{key}'", hint))
            for row in filter(None, rows) if not problems else ():
                place = Place(str(path), rows.line_num, 1)
                if len(row) != len(header):
                    message = f"{len(row)} fields where the header has {len(header)}"
                    problems.append(Problem(place, message))
                else:
                    people.append(dict(_answers(row, columns, choices, place, problems)))
                if len(problems) >= MAX_PROBLEMS:
                    break
    except OSError as error:
        problems.append(Problem(Place(str(path)), f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        problems.append(Problem(Place(str(path)), "the bytes are not UTF-8 text", "save the file as UTF-8"))
    except csv.Error as error:
        problems.append(Problem(Place(str(path), rows.line_num, 1), f"not valid CSV: {error}"))
    if not problems and len(people) < 2:
        problems.append(Problem(Place(str(path)), "two people or more are needed"))
    if problems:
        raise ProblemsFound(problems)
    return people


def _answers(
    row: Sequence[str],
    columns: Mapping[str, int],
    choices: Mapping[str, Sequence[Choice]],
    place: Place,
    problems: list[Problem],
) -> Iterator[tuple[str, float]]:
    for key, column in columns.items():
        value = value_of(row[column], choices[key])
        if value is None:
            problems.append(Problem(place, f"{key}: '{shorten(row[column])}' is no answer to it"))
        else:
            yield key, value


def replay(
    questionnaire: Questionnaire, roles: Sequence[Role], people: Sequence[Mapping[str, float]], risk: float
) -> Replay:
    """Replay the interview between two roles or more with everybody's answers, ending it below a flip risk."""
    asked = changed = 0
    for answers in people:
        full = take_stock(questionnaire, roles, answers).best
        given: dict[str, float] = {}
        while True:
            state = take_stock(questionnaire, roles, given)
            item = next_question(state)
            if item is None or state.risk < risk:
                break
            given[item.key] = answers[item.key]
        asked += len(given)
        changed += state.best != full
    by_trait: dict[str, list[str]] = {}
    for key, item in questionnaire.items.items():
        by_trait.setdefault(item.trait, []).append(key)
    return Replay(
        respondents=len(people),
        questions=len(questionnaire.items),
        asked_mean=asked / len(people),
        verdict_changed=changed / len(people),
        flip_risk=risk,
        traits=tuple(
            TraitReliability(trait, len(keys), alpha(_places(questionnaire, people, keys)))
            for trait, keys in by_trait.items()
        ),
    )


def _places(
    questionnaire: Questionnaire, people: Sequence[Mapping[str, float]], keys: Sequence[str]
) -> list[list[float]]:
    return [[answer_place(questionnaire.items[key], person[key]) for person in people] for key in keys]


def alpha(columns: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha of some questions, each with everybody's answers on one scale (Cronbach 1951).

    None with fewer than two questions, or if everybody has the same sum.
    """
    count = len(columns)
    sums = [sum(answers) for answers in zip(*columns, strict=True)]
    if count < 2 or not (spread := variance(sums)):
        return None
    return float(count / (count - 1) * (1 - sum(map(variance, columns)) / spread))
