"""People drawn by chance, written to a file, scored as a batch, and what each of them is told alone."""

import csv
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mopscli.assessment.questionnaire import Questionnaire, number_text
from mopscli.assessment.scoring import Scoring
from mopscli.assessment.verdict import assess
from mopscli.batch.scores import Options, ReadOptions, score_file
from mopscli.batch.summary import BatchSummary
from mopscli.knowledge import Knowledge
from mopscli.survey.spreadsheet import FORMULA
from samples import TESTS

Person = dict[str, float]
# People whom a mentor described, by key.
PERSONAS: Mapping[str, Mapping[str, Any]] = {
    persona["key"]: persona for persona in yaml.safe_load((TESTS / "personas.yaml").read_text("utf-8"))
}
# Every kind of trait and question, but few of them, all of which Head and Director ask for.
TRAITS = ("systems-integration", "leadership", "hands-on-execution")


def scoring_of(
    knowledge: Knowledge, questionnaire: Questionnaire, between: Sequence[str], others: Sequence[str] = ()
) -> Scoring:
    """Return what to score: the roles to choose between, and others besides."""
    keys = dict.fromkeys((*between, *others))
    return Scoring(questionnaire, tuple(knowledge.roles[key] for key in keys), tuple(between))


def with_few_traits(
    scoring: Scoring, context: Sequence[str] = (), traits: Sequence[str] = TRAITS, together: float = 0.0
) -> Scoring:
    """Return a scoring of the same roles by a few traits, which takes a fraction of the time; and some context."""
    full = scoring.questionnaire
    part = replace(
        full,
        items={key: item for key, item in full.items.items() if item.trait in traits},
        context={key: full.context[key] for key in context},
        priors={trait: full.priors[trait] for trait in traits},
        together=together,
    )
    roles = (
        replace(
            role,
            requires={trait: demand for trait, demand in role.requires.items() if trait in traits},
            offers={trait: demand for trait, demand in role.offers.items() if trait in traits},
        )
        for role in scoring.roles
    )
    return Scoring(part, tuple(roles), scoring.between)


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


def persona_answers(knowledge: Knowledge, questionnaire: Questionnaire, persona: Mapping[str, Any]) -> Person:
    """Return somebody's answers by rule: for each question the option that is nearest to the persona's level."""
    answers: Person = {}
    for key, item in questionnaire.items.items():
        levels = persona["skills" if item.trait in knowledge.skills else "drives"]
        level = levels.get(item.trait, levels.get("default"))
        if isinstance(level, int | float):
            answers[key] = min(item.choices, key=lambda choice: abs(choice.y - level)).value
    for key, value in persona.get("facts", {}).items():
        _, options = questionnaire.context[key]
        chosen = (option.value for option in options if value in (option.role or option.value, option.value))
        answers[key] = next(chosen)
    return answers


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


def write_team(path: Path, questionnaire: Questionnaire, rows: list[tuple[str, int | str]]) -> Path:
    """Write a survey export in which everybody gives one answer to all questions about skills."""
    skills = [item.key for item in questionnaire.items.values() if item.kind == "skill"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *skills])
        writer.writerows([name, *[level] * len(skills)] for name, level in rows)
    return path


def run(scoring: Scoring, source: Path, output: Path | None, **changes: Any) -> BatchSummary:
    """Score a file without showing how far it is."""
    reading = ReadOptions(**{key: changes.pop(key) for key in list(changes) if key in ReadOptions._fields})
    kind: Any = output.suffix[1:] if output else "csv"
    options = Options(output, kind, None)._replace(**changes)
    return score_file(scoring, source, options, reading, name=source.name)


def read_csv(path: str | Path = "out.csv") -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unescaped(text: str) -> str:
    """Undo what protects a spreadsheet, as the documentation says it."""
    return text[1:] if re.match(f"'{FORMULA}", text) else text


def expected(scoring: Scoring, person: Mapping[str, float]) -> dict[str, Any]:
    """Return what `mops assess` says of one person, by the columns of a batch."""
    questionnaire = scoring.questionnaire
    between = [next(role for role in scoring.roles if role.key == key) for key in scoring.between]
    alone = assess(questionnaire, between, person)
    found: dict[str, Any] = {"verdict": alone.verdict.word, "role": alone.verdict.role}
    first = scoring.between[0]
    pairs = (
        [alone]
        if len(between) == 2
        else [assess(questionnaire, [between[0], b], person) for b in between[1:]]
    )
    found[f"p_{first}"] = min(
        pair.verdict.probability if pair.verdict.role == first else 1 - pair.verdict.probability
        for pair in pairs
    )
    fits = {fit.key: fit for fit in alone.roles}
    for role in scoring.roles:
        fit = fits.get(role.key) or assess(questionnaire, [role, between[0]], person).roles[0]
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
