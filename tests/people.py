"""People drawn by chance, written to a file, scored as a batch, and what each of them is told alone."""

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mopscli.assessment.questionnaire import Questionnaire, number_text
from mopscli.assessment.scoring import Scoring
from mopscli.assessment.verdict import assess
from mopscli.batch.scores import Options, ReadOptions, score_file
from mopscli.batch.summary import BatchSummary
from mopscli.knowledge import Knowledge

Person = dict[str, float]


def scoring_of(
    knowledge: Knowledge, questionnaire: Questionnaire, between: Sequence[str], others: Sequence[str] = ()
) -> Scoring:
    """Return what to score: the roles to choose between, and others besides."""
    keys = dict.fromkeys((*between, *others))
    return Scoring(questionnaire, tuple(knowledge.roles[key] for key in keys), tuple(between))


def draw(questionnaire: Questionnaire, count: int, seed: int = 1) -> list[Person]:
    """Return the answers of some people: some full, some sparse, one none, one all the same."""
    chance = random.Random(seed)
    people: list[Person] = []
    for number in range(count):
        share = (1.0, 0.9, 0.5, 0.1)[number % 4]
        people.append(
            {
                key: chance.choice(item.choices).value
                for key, item in questionnaire.items.items()
                if chance.random() < share
            }
        )
    people[0] = {}
    people[1] = dict.fromkeys(questionnaire.items, 3.0)
    return people


def write_csv(path: Path, questionnaire: Questionnaire, people: Sequence[Person]) -> Path:
    """Write people as a plain file of numbers, with ids p0, p1 and so on."""
    keys = list(questionnaire.items)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *keys])
        for number, person in enumerate(people):
            values = ("" if key not in person else number_text(person[key]) for key in keys)
            writer.writerow([f"p{number}", *values])
    return path


def run(scoring: Scoring, source: Path, output: Path | None, **changes: Any) -> BatchSummary:
    """Score a file without showing how far it is."""
    reading = ReadOptions(**{key: changes.pop(key) for key in list(changes) if key in ReadOptions._fields})
    kind: Any = output.suffix[1:] if output else "csv"
    options = replace(Options(output, kind, None), **changes)
    return score_file(scoring, source, options, reading, name=source.name)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def expected(
    knowledge: Knowledge, questionnaire: Questionnaire, scoring: Scoring, person: Mapping[str, float]
) -> dict[str, Any]:
    """Return what `mops assess` says of one person, by the columns of a batch."""
    between = [knowledge.roles[key] for key in scoring.between]
    alone = assess(questionnaire, between, person)
    found: dict[str, Any] = {"verdict": alone.verdict.word, "role": alone.verdict.role}
    first = scoring.between[0]
    rivals = [assess(questionnaire, [between[0], rival], person).verdict for rival in between[1:]]
    found[f"p_{first}"] = min(
        verdict.probability if verdict.role == first else 1 - verdict.probability for verdict in rivals
    )
    for role in scoring.roles:
        other = next(some for some in between if some is not role)
        fit = assess(questionnaire, [role, other], person).roles[0]
        found |= {
            f"{name}_{role.key}": getattr(fit, name) for name in ("fit", "se", "readiness", "enjoyment")
        }
    found["answered"] = alone.answered
    found["quality"] = {
        remark.kind if remark.trait is None else f"{remark.kind}: {remark.trait}" for remark in alone.quality
    } | (set() if alone.answered else {"no answers"})
    return found


def assert_same(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Assert that a row of scores is what is wanted: numbers to 1e-9, words exactly."""
    assert list(row)[1 : len(wanted) + 1] == list(wanted)
    for name, value in wanted.items():
        if isinstance(value, set):
            assert set(filter(None, (row[name] or "").split("; "))) == value
        elif isinstance(value, str):
            assert row[name] == value
        elif value is None:
            assert row[name] in ("", None)
        else:
            assert float(row[name]) == pytest.approx(value, abs=1e-9)
