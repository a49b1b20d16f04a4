"""Statements with two to eleven answers: their words, their places, and how they are read and scored."""

import csv
import json
from pathlib import Path

import pytest

from crowds import answer, questionnaire_of, write_measures, write_replies
from mopscli.assessment.formulas import read_options
from mopscli.assessment.questionnaire import prepare, value_of
from mopscli.assessment.verdict import assess
from mopscli.knowledge import load
from mopscli.problem import ProblemsFound
from program import run_mops

TRAITS = {"calm": "art", "hurry": "at"}
POINTS = range(2, 12)
WORDS = {
    2: ["Disagree", "Agree"],
    3: ["Disagree", "Neither agree nor disagree", "Agree"],
    4: ["Strongly disagree", "Somewhat disagree", "Somewhat agree", "Strongly agree"],
    5: [
        "Strongly disagree",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Strongly agree",
    ],
    6: ["Strongly disagree", "Disagree", "Somewhat disagree", "Somewhat agree", "Agree", "Strongly agree"],
    7: [
        "Strongly disagree",
        "Disagree",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Agree",
        "Strongly agree",
    ],
    8: ["1: Strongly disagree", "2", "3", "4", "5", "6", "7", "8: Strongly agree"],
}


@pytest.mark.parametrize("points", WORDS)
def test_words(points: int) -> None:
    """An answer would have the words of another one."""
    items = questionnaire_of(TRAITS, points).items
    for key in ("calm-1", "calm-2"):
        assert [choice.text for choice in items[key].choices] == WORDS[points]
    for agree, choice in zip(WORDS[points], items["calm-3"].choices, strict=True):
        expected = (
            agree.replace("Neither agree nor disagree", "Both alike")
            .replace("Strongly", "Clearly")
            .replace("Disagree", "Mostly the first")
            .replace("Agree", "Mostly the second")
            .replace("disagree", "the first")
            .replace("agree", "the second")
        )
        assert choice.text == expected


@pytest.mark.parametrize("points", POINTS)
def test_places(points: int) -> None:
    """The answers would not be spread evenly from 0 to 5, or a reversed one lie at the other end."""
    items = questionnaire_of(TRAITS, points).items
    rising = [5 * step / (points - 1) for step in range(points)]
    for key, places in (("calm-1", rising), ("calm-2", rising[::-1]), ("calm-3", rising[::-1])):
        choices = items[key].choices
        assert [choice.value for choice in choices] == list(range(1, points + 1))
        assert [choice.y for choice in choices] == pytest.approx(places)
        assert len({choice.text for choice in choices}) == points
    # More answers leave less open.
    prior = (2.5, 1.4**2)
    readings = read_options(*prior, 1.25**2, rising)
    assert [choice.reading for choice in items["calm-1"].choices] == list(readings.options)
    assert items["calm-1"].expected_s2 == readings.expected > 1.25**2
    if points > 2:
        fewer = questionnaire_of(TRAITS, points - 1).items["calm-1"]
        assert items["calm-1"].expected_s2 < fewer.expected_s2


@pytest.mark.parametrize("points", POINTS)
def test_answers_are_read(points: int) -> None:
    """An answer given by its number, its words or its letter would be another one, or none."""
    for item in questionnaire_of(TRAITS, points).items.values():
        for letter, choice in zip("abcdefghijk", item.choices, strict=False):
            for text in (
                str(int(choice.value)),
                choice.text,
                choice.text.upper(),
                letter,
                f"{letter}) {choice.text}",
            ):
                assert value_of(text, item.choices) == choice.value, text
        for text in ("0", str(points + 1), "1.5", "Perhaps"):
            assert value_of(text, item.choices) is None


@pytest.mark.parametrize("points", [5, 7])
def test_former_words(points: int) -> None:
    """A survey that is still out, and says 'Rather' where it is 'Somewhat' now, could not be read any more."""
    choices = questionnaire_of(TRAITS, points).items["calm-1"].choices
    assert value_of("Rather agree", choices) == next(
        choice.value for choice in choices if choice.text == "Somewhat agree"
    )


@pytest.mark.parametrize("points", [0, 1, 12, 5.5, "many"])
def test_no_such_number(tmp_path: Path, points: object) -> None:
    """A statement with one answer, or with more than a person can tell apart, would pass."""
    folder = write_measures(tmp_path / "ours", {"calm": "a"})
    path = folder / "questions.yaml"
    path.write_text(path.read_text("utf-8").replace("calm 1.", f"calm 1., points: {points}"), "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load(folder)
    (problem,) = found.value.problems
    assert "questions.calm-1.points: expected a whole number from 2 to 11" in str(problem)


def test_no_points_for_markers(tmp_path: Path) -> None:
    """A question about markers would have another number of answers than there are markers."""
    (tmp_path / "roles.yaml").write_text(
        "sources: {own: {title: Own judgment, kind: judgement}}\nskills:\n"
        "  writing: {name: Writing, source: own, markers: {0: A., 1: B., 2: C., 3: D., 4: E., 5: F.}}\n"
        "roles:\n  author: {name: Author, requires: {writing: 4 decides}}\n",
        "utf-8",
    )
    (tmp_path / "questions.yaml").write_text(
        "questions:\n  writing: {kind: skill, trait: writing, points: 7}\n", "utf-8"
    )
    with pytest.raises(ProblemsFound) as found:
        load(tmp_path)
    assert "a question of the kind skill has an answer for each marker (leave it out)" in str(
        found.value.problems[0]
    )


@pytest.mark.long
@pytest.mark.parametrize("points", [2, 11])
def test_batch(tmp_path: Path, points: int) -> None:
    """A batch, a file of answers or a calibration would read the numbers or words of such answers otherwise."""
    folder = write_measures(tmp_path / "ours", TRAITS, points)
    questionnaire = prepare(load(folder))
    roles = list(load(folder).roles.values())
    people = answer(questionnaire, 40, 1, gaps=0.1)
    path = write_replies(tmp_path / "people.csv", questionnaire, people)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    worded = tmp_path / "words.jsonl"
    with worded.open("w", encoding="utf-8") as out:
        for row in rows:
            words = {
                key: next((c.text for c in item.choices if f"{c.value:g}" == row[key]), "")
                for key, item in questionnaire.items.items()
            }
            out.write(json.dumps({"id": row["id"]} | words) + "\n")
    found = []
    for source in (path, worded):
        target = tmp_path / "scores.csv"
        result = run_mops("batch", str(source), "--data", str(folder), "-o", str(target))
        assert (result.returncode, result.stderr) == (0, "")
        with target.open(encoding="utf-8", newline="") as file:
            found.append(list(csv.DictReader(file)))
    assert found[0] == found[1]
    for row, scored in zip(rows, found[0], strict=True):
        given = {key: float(row[key]) for key in questionnaire.items if row[key]}
        alone = assess(questionnaire, roles, given)
        for fit in alone.roles:
            assert float(scored[f"fit_{fit.key}"]) == pytest.approx(fit.fit, abs=1e-9)
            assert float(scored[f"se_{fit.key}"]) == pytest.approx(fit.se, abs=1e-9)
    same = [
        run_mops("calibrate", str(some), "--data", str(folder), "--json").stdout for some in (path, worded)
    ]
    assert same[0] == same[1]
    assert json.loads(same[0])["data"]["people"] == 40
