"""Many people's answers, replayed as the interview would have asked them."""

import csv
import json
import re
from pathlib import Path

import pytest

from assessments import draw_people
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.replay import alpha, replay
from mopscli.knowledge import Knowledge
from mopscli.problem import ProblemsFound
from mopscli.survey.people import read_respondents
from program import run_mops


def write_people(questionnaire: Questionnaire, path: Path, count: int) -> None:
    """Write a CSV file of people as the model has them, their answers rounded to options, with an id."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", *questionnaire.items])
        for number, (_, answers) in enumerate(draw_people(questionnaire, count)):
            rows.writerow([f"00{number}", *(f"{value:g}" for value in answers.values())])


@pytest.mark.long
def test_replay(knowledge: Knowledge, tmp_path: Path) -> None:
    """A replay without a risk to stop at would skip a question, or one with a risk ask all or change verdicts."""
    questionnaire = prepare(knowledge)
    write_people(questionnaire, tmp_path / "people.csv", 50)
    people = read_respondents(questionnaire, tmp_path / "people.csv")
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    full = replay(questionnaire, roles, people, 0.0)
    assert (full.respondents, full.questions, full.asked_mean, full.verdict_changed) == (50, 77, 77, 0)
    some = replay(questionnaire, roles, people, 0.05)
    assert 1 < some.asked_mean < 0.55 * 77
    assert some.verdict_changed <= 0.1
    counts = {trait.trait: trait.questions for trait in some.traits}
    assert (counts["strategy"], counts["leadership"]) == (3, 2)
    assert {trait.trait for trait in some.traits if trait.alpha is None} == {
        key for key in knowledge.skills if counts[key] == 1
    }


def test_other_files(knowledge: Knowledge, tmp_path: Path) -> None:
    """The same people would be read otherwise from semicolons, from JSON, or from the words of options."""
    questionnaire = prepare(knowledge)
    write_people(questionnaire, tmp_path / "people.csv", 5)
    people = read_respondents(questionnaire, tmp_path / "people.csv")
    text = (tmp_path / "people.csv").read_text("utf-8")
    (tmp_path / "other").write_text(text.replace(",", ";"), "utf-16")
    assert read_respondents(questionnaire, tmp_path / "other") == people
    words = [
        {
            key: next(c.text for c in questionnaire.items[key].choices if c.value == v)
            for key, v in one.items()
        }
        for one in people
    ]
    (tmp_path / "other").write_text("\n".join(map(json.dumps, words)), "utf-8")
    assert read_respondents(questionnaire, tmp_path / "other") == people


def test_alpha() -> None:
    """Cronbach's alpha would not be that of a case worked by hand, or fail at its ends."""
    assert alpha([[1, 2, 3], [1, 2, 3]]) == pytest.approx(1)
    # Variances 1 and 1, of the sums (2, 4, 5) 7/3: alpha = 2 (1 - 2 / (7/3)) = 2/7.
    assert alpha([[1, 2, 3], [1, 2, 2]]) == pytest.approx(2 * (1 - (1 + 1 / 3) / (7 / 3)))
    assert alpha([[1, 2, 3]]) is None
    assert alpha([[1, 2], [2, 1]]) is None


def test_contract(knowledge: Knowledge, tmp_path: Path) -> None:
    """A key of the replay that other tools rely on would be missing."""
    write_people(prepare(knowledge), tmp_path / "people.csv", 3)
    data = json.loads(run_mops("replay", str(tmp_path / "people.csv"), "--json").stdout)["data"]
    keys = ["respondents", "questions", "asked_mean", "verdict_changed", "flip_risk", "traits"]
    assert [key for key in data if key != "sources"] == keys
    assert list(data["traits"][0]) == ["trait", "questions", "alpha"]
    assert "Reliability" in run_mops("replay", str(tmp_path / "people.csv")).stdout


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda text: text.replace("precision-1", "precsion-1"),
            ":1:1: no column is the question 'precision-1' (did you mean 'precsion-1'?)",
        ),
        (
            lambda text: re.sub(r"001,\d", "001,90", text, count=1),
            ":3:2: marketing-automation: '90': no option of this question: give 0 to 5, ",
        ),
        (lambda text: re.sub(r"001,\d", "001,", text, count=1), ":3:2: marketing-automation: no answer"),
        (lambda text: text.replace("001,", "001,1,", 1), ":3:1: 79 fields where the header has 78"),
        (lambda text: text.splitlines()[0], ": two people or more are needed"),
        (lambda text: "", ": the file is empty"),
        (
            lambda text: text.replace(",", "|"),
            ":1:1: no column is a question: expected keys such as 'marketing-automation', or texts of questions"
            " (separate the columns by commas, semicolons or tabs)",
        ),
        (
            lambda text: text.replace("id,", "precision-1,", 1),
            ":1:36: a second column for the question 'precision-1', after column 1",
        ),
        (lambda text: text + '"open', ":6:1: a quote is not closed, or stands where none may"),
        (lambda text: text + "\udcff", ":6:1: 1 field where the header has 78"),
    ],
)
def test_faulty_files(knowledge: Knowledge, tmp_path: Path, change: object, expected: str) -> None:
    """A fault would be told without its line, or somebody be replayed from a damaged row."""
    assert callable(change)
    path = tmp_path / "people.csv"
    write_people(prepare(knowledge), path, 4)
    path.write_bytes(change(path.read_text("utf-8")).encode("utf-8", "surrogateescape"))
    with pytest.raises(ProblemsFound) as found:
        read_respondents(prepare(knowledge), path)
    assert expected in str(found.value.problems[0])
    result = run_mops("replay", str(path))
    assert (result.returncode, result.stdout) == (1, "")
