"""Crowds: folders that measure a few traits and nothing else, and people of the model who answer by chance."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mopscli.assessment.calibration import Replies
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge, load

Array = np.ndarray[Any, np.dtype[Any]]
# What a letter stands for: a question of this kind.
LETTERS: Mapping[str, str] = {
    "a": "{{kind: agree, trait: {0}, text: I want {0} {1}.{2}}}",
    "r": "{{kind: reversed, trait: {0}, text: I avoid {0} {1}.{2}}}",
    "t": "{{kind: tradeoff, trait: {0}, first: Much {0} {1}., second: Hardly any., high: first{2}}}",
}
KINDS: Mapping[str, str] = {"a": "agree", "r": "reversed", "t": "tradeoff"}


def write_measures(folder: Path, traits: Mapping[str, str], points: int = 5, more: str = "") -> Path:
    """Write a folder of drives with only a name, two roles that offer them, and questions about each drive.

    Args:
        folder: where to.
        traits: for each drive, its questions as LETTERS.
        points: how many answers each has.
        more: further lines of questions.yaml, above the questions.

    """
    folder.mkdir(exist_ok=True)
    levels = [(4, 1), (1, 4), (5, 2), (2, 3)]
    offers = [
        ", ".join(f"{trait}: {levels[n % 4][side]} matters" for n, trait in enumerate(traits))
        for side in (0, 1)
    ]
    drives = "".join(f"  {trait}: {{name: {trait.capitalize()}}}\n" for trait in traits)
    roles = "".join(
        f"  {key}: {{name: {key.capitalize()} one, offers: {{{some}}}}}\n"
        for key, some in zip(("quiet", "loud"), offers, strict=True)
    )
    (folder / "roles.yaml").write_text(f"sources: {{}}\ndrives:\n{drives}roles:\n{roles}", "utf-8")
    how_many = "" if points == 5 else f", points: {points}"
    questions = "".join(
        f"  {trait}-{number}: {LETTERS[letter].format(trait, number, how_many)}\n"
        for trait, letters in traits.items()
        for number, letter in enumerate(letters, 1)
    )
    (folder / "questions.yaml").write_text(f"{more}questions:\n{questions}", "utf-8")
    return folder


@cache
def _measured(traits: tuple[tuple[str, str], ...], points: int, more: str) -> Knowledge:
    with TemporaryDirectory() as folder:
        return load(write_measures(Path(folder), dict(traits), points, more))


def measured(traits: Mapping[str, str], points: int = 5, more: str = "") -> Knowledge:
    """Return the knowledge of such a folder."""
    return _measured(tuple(traits.items()), points, more)


def questionnaire_of(traits: Mapping[str, str], points: int = 5, more: str = "") -> Questionnaire:
    """Return the questionnaire of such a folder."""
    return prepare(measured(traits, points, more))


def nearest(places: Array, choices: Sequence[float]) -> Array:
    """Return the number of the option that is nearest to each place, from 1 on."""
    return np.abs(places[:, None] - np.array(choices)).argmin(axis=1) + 1


def answer(
    questionnaire: Questionnaire,
    count: int,
    seed: int,
    noise: Mapping[str, float] | None = None,
    prior: tuple[float, float] | None = None,
    together: float = 0.0,
    gaps: float = 0.0,
) -> Replies:
    """Return the answers of some people: of each question the option that is nearest to the trait with its noise.

    Args:
        questionnaire: what is asked.
        count: how many people.
        seed: of the chance that draws them.
        noise: its standard deviation by the kind of question, if it is not what the questionnaire has.
        prior: mean and standard deviation of every trait, if not what the questionnaire has.
        together: the correlation between two traits.
        gaps: the share of questions that somebody does not answer.

    """
    chance = np.random.default_rng(seed)
    common = chance.normal(size=count)
    truth = {}
    for trait, (mu, tau2) in questionnaire.priors.items():
        mean, sd = prior or (mu, tau2**0.5)
        own = chance.normal(size=count)
        truth[trait] = mean + sd * (together**0.5 * common + (1 - together) ** 0.5 * own)
    columns = []
    for item in questionnaire.items.values():
        sd = noise[item.kind] if noise else item.s2**0.5
        said = truth[item.trait] + chance.normal(0, sd, count)
        digits = nearest(said, [choice.y for choice in item.choices])
        columns.append(np.where(chance.random(count) < gaps, 0, digits))
    return Replies(tuple(questionnaire.items), np.stack(columns, axis=1).astype(np.int8))


def write_replies(path: Path, questionnaire: Questionnaire, replies: Replies) -> Path:
    """Write everybody's answers as a survey export, with ids p0, p1 and so on."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *replies.keys])
        for number, row in enumerate(replies.digits.tolist()):
            cells = (
                f"{questionnaire.items[key].choices[digit - 1].value:g}" if digit else ""
                for key, digit in zip(replies.keys, row, strict=True)
            )
            writer.writerow([f"p{number}", *cells])
    return path
