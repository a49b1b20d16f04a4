"""The commands about teams and hiring."""

import json
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import Questionnaire
from people import write_team
from program import run_mops


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
