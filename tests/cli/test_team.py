"""The commands about teams and hiring."""

import json
import os
import re
import stat
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.knowledge import Knowledge
from mopscli.knowledge.staffing import PAPERS
from mopscli.team.kit import make_kit
from people import write_team
from program import run_mops
from samples import ANSWERS, WriteFolder


def test_map(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """The map of a team would not be had on the screen, in Markdown or as JSON, or be of other roles than asked."""
    file = str(write_team(tmp_path / "team.csv", questionnaire, [("Ana", 4), ("Ben", 2)]))
    shown = run_mops("team", "map", file, "--stage", "3", "--all").stdout
    assert "2 people beside 7 roles" in shown
    assert "What only one person covers" in shown
    markdown = run_mops("team", "map", file, "--stage", "3", "--format", "markdown").stdout
    assert "| Marketing automation | 4 | 4 | 2 (-2) |" in markdown
    assert "What they want, and what they can do" in markdown
    result = run_mops("team", "map", file, "--roles", "head,director", "--json")
    answer = json.loads(result.stdout)
    assert answer["command"] == "team map"
    assert answer["data"]["roles"] == ["head", "director"]
    assert answer["data"]["skills"][0]["levels"] == [4, 2]
    assert len(answer["data"]["against"]) == 2
    picture = tmp_path / "map.html"
    assert run_mops("team", "map", file, "--roles", "head,director", "-o", str(picture)).returncode == 0
    assert picture.read_text("utf-8").count('role="img"') == 1
    assert run_mops("team", "map", file, "--roles", "head", "-f", "html").returncode == 0


def test_faults_are_told(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """Rows that were left out would go untold on the screen or in JSON, or the exit code be 0."""
    file = str(write_team(tmp_path / "team.csv", questionnaire, [("Ana", 4), ("Ben", 9)]))
    result = run_mops("team", "map", file, "--stage", "3")
    assert result.returncode == 1
    assert "Rows that were left out" in result.stdout
    problems = json.loads(run_mops("team", "map", file, "--stage", "3", "--json").stdout)["problems"]
    assert problems[0]["line"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("map", "nothing.csv", "--stage", "3"), "There is no file"),
        (("map", "FILE", "--stage", "9"), "The stages are: 0, 1, 2, 3"),
        (("map", "FILE"), "--stage N or --roles ROLES"),
        (("map", "FILE", "--roles", "king"), "No role is called"),
        ((), "There is no terminal to ask in"),
        (("--answers", "none.yaml"), "mops team --template"),
        (("--want", "king"), "No role is called"),
    ],
)
def test_bad_input_for_a_team(
    arguments: tuple[str, ...], said: str, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """A mistake would be answered without what to do instead."""
    file = str(write_team(tmp_path / "team.csv", questionnaire, [("Ana", 4)]))
    given = [file if argument == "FILE" else argument for argument in arguments]
    if "--want" in given:
        (tmp_path / "a.yaml").write_text("people: 0\n", "utf-8")
        given += ["--answers", str(tmp_path / "a.yaml")]
    result = run_mops("team", *given, XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


def test_advice_on_the_screen(tmp_path: Path) -> None:
    """The next hire would not be the headline, or lack its rule, what was said, or the market's pay."""
    template = run_mops("team", "--template").stdout
    answers = tmp_path / "team.yaml"
    filled = template.replace("\npeople:", "\npeople: 0").replace("\ncampaigns:", "\ncampaigns: 25")
    answers.write_text(filled, "utf-8")
    shown = run_mops(
        "team", "--answers", str(answers), "--budget", "80000", "--asked", "95000", "--all", COLUMNS="100"
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("Hire a Campaign-focused Marketing Operations Manager\n")
    for said in (
        "first-campaigns-volume",
        "stage 0",
        "$20,000 above it",
        "$15,000 above your budget",
        "sample of 49",
        "2026",
    ):
        assert said in " ".join(shown.stdout.split()), said
    data = json.loads(run_mops("team", "--answers", str(answers), "--json").stdout)
    assert data["command"] == "team"
    assert data["data"]["stage"]["number"] == 0
    assert data["data"]["hires"][0]["rule"] == "first-campaigns-volume"
    brief = run_mops("team", "--answers", str(answers), "--budget", "80000").stdout
    assert brief.startswith("Hire a Campaign-focused Marketing Operations Manager\n")
    assert "--budget 80000 --all" in " ".join(brief.split())
    assert "$20,000 above it" in " ".join(brief.split())


def test_wrong_answers(tmp_path: Path) -> None:
    """An answer that is no option would pass, or be refused without its line."""
    answers = tmp_path / "team.yaml"
    answers.write_text("people: 0\ncampaigns: 7\nleadr: 1\n", "utf-8")
    result = run_mops("team", "--answers", str(answers))
    assert result.returncode == 1
    assert "team.yaml:2" in result.stderr
    assert "team.yaml:3" in result.stderr
    assert "did you mean 'leader'" in result.stderr


def test_files_of_a_kit(tmp_path: Path) -> None:
    """A paper would be missing, or one that is there be overwritten without --force."""
    folder = tmp_path / "kit"
    command = ("hire", "director", "-o", str(folder), "--company", "Acme [x](y) & Co")
    result = run_mops(*command)
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} == {*(f"{key}.md" for key in PAPERS), "choices.yaml"}
    text = (folder / "charter.md").read_text("utf-8")
    assert text.startswith("# Charter: Director of Marketing Operations, Acme \\[x\\](y) & Co\n")
    (folder / "charter.md").write_text("mine", "utf-8")
    again = run_mops(*command)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (folder / "charter.md").read_text("utf-8") == "mine"
    assert run_mops(*command, "--force").returncode == 0
    assert (folder / "charter.md").read_text("utf-8") == text


def test_choices_are_kept_in_a_file(tmp_path: Path) -> None:
    """What was chosen would be lost when the papers are written anew, or the file be ignored."""
    folder = tmp_path / "my kit"
    assert run_mops("hire", "head", "-o", str(folder), "--company", 'A "B" & C: #1').returncode == 0
    choices = folder / "choices.yaml"
    text = choices.read_text("utf-8")
    assert 'company: "A \\"B\\" & C: #1"\n' in text
    choices.write_text(text.replace("\nmanager:", '\nmanager: "The CMO"'), "utf-8")
    assert run_mops("hire", "head", "-o", str(folder), "--force", "--set", "crm=Ours").returncode == 0
    paper = (folder / "role-description.md").read_text("utf-8")
    assert paper.startswith('# Role description: Head of Marketing Operations, A "B" & C: #1\n')
    assert "The CMO" in paper
    assert "Ours" in paper
    assert 'crm: "Ours"' in choices.read_text("utf-8")
    choices.write_text("compny: x\n", "utf-8")
    wrong = run_mops("hire", "head", "-o", str(folder), "--force")
    assert wrong.returncode == 1
    assert "choices.yaml:1" in wrong.stderr


def test_bare_papers_can_be_sent(tmp_path: Path) -> None:
    """Bare papers would have footnotes or hints to whoever writes them, or say something else."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "director", "-o", str(folder), "--bare").returncode == 0
    text = (folder / "role-description.md").read_text("utf-8")
    assert "[^" not in text
    assert "Tells candidates" not in text
    assert "## Desired background" in text


def test_candidate_by_file(tmp_path: Path) -> None:
    """What is about a candidate would be open to others than its owner."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "head", "-o", str(folder), "--for", str(ANSWERS)).returncode == 0
    scorecard = folder / "scorecard.md"
    assert "self-assessment" in scorecard.read_text("utf-8")
    assert os.name == "nt" or stat.S_IMODE(scorecard.stat().st_mode) & 0o077 == 0


def test_what_there_is_to_fill_in(knowledge: Knowledge) -> None:
    """Without -o something would be written, or a choice not be listed."""
    assert knowledge.hiring is not None
    shown = run_mops("hire", "vp").stdout
    for key in (choice.key for choice in make_kit(knowledge, knowledge.roles["vp"], {}).choices):
        assert re.search(rf"^{re.escape(key)}\b", shown, re.MULTILINE), key
    data = json.loads(run_mops("hire", "vp", "--json").stdout)
    assert data["command"] == "hire"
    assert data["data"]["files"] == []
    assert data["data"]["kit"].keys() >= {"accountabilities", "competencies", "charter", "metrics", "open"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("director", "--set", "company"), "no key and text"),
        (("director", "--set", "compny=x"), "did you mean 'company'"),
        (("king",), "No role is called"),
        (("director", "-o", "nowhere/at/all"), "there is no folder"),
        (("director", "--for", "99"), "There is no assessment 99"),
        (("director", "--company", ""), "no key and text"),
        (("director", "-o", str(ANSWERS)), "is a file. Name a folder"),
    ],
)
def test_bad_input_for_a_kit(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """A mistake would be answered without what to do instead."""
    result = run_mops("hire", *arguments, XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


def test_folder_without_papers(write_folder: WriteFolder) -> None:
    """A knowledge folder without hiring.yaml would give an empty kit, or a traceback."""
    result = run_mops("--data", str(write_folder()), "hire", "author")
    assert result.returncode == 2
    assert "no hiring.yaml" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("role", "amount", "said"),
    [
        ("director", 145000, "is in the lower half of the average range for Director, $138,000 to $199,000"),
        ("director", 190000, "is in the upper half of the average range for Director"),
        ("director", 230000, "is above the average range for Director"),
        (
            "head",
            115000,
            "is not below $110,000, where half of the postings begin for Head; no source gives a range",
        ),
    ],
)
def test_pay_beside_the_range(role: str, amount: int, said: str) -> None:
    """Pay below the middle of the market would be said to be above it, by the lowest pay alone."""
    shown = run_mops(
        "team", "--answers", "-", "--want", role, "--budget", str(amount), "--all", stdin="people: 6\n"
    ).stdout
    assert said in " ".join(shown.split())
