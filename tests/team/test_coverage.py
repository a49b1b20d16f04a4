"""The map of a team: against counts made by hand, and through the command."""

import csv
import json
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.knowledge.entries import Role
from mopscli.person.person import Person
from mopscli.person.plan import make_plan
from mopscli.problem import ProblemsFound
from mopscli.survey.people import read_team
from mopscli.team.coverage import map_team
from program import run_mops

LEVELS = {"Ana": 5, "Ben": 3, "Chloe": 1}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Return the bundled knowledge with questions, growth and teams."""
    return load(bundled_folder(), ("questions", "growth", "team"))


@pytest.fixture(scope="module")
def questionnaire(knowledge: Knowledge) -> Questionnaire:
    """Return its questionnaire."""
    return prepare(knowledge)


def at_level(questionnaire: Questionnaire, level: float, **others: float) -> Person:
    """Return somebody who is at one level in every skill, but for some."""
    skills = [item.key for item in questionnaire.items.values() if item.kind == "skill"]
    return Person(
        questionnaire, {key: others.get(key.replace("-", "_"), level) for key in skills if level >= 0}
    )


@pytest.fixture
def team(questionnaire: Questionnaire) -> dict[str, Person]:
    """Return three people at different levels, and one who answered nothing."""
    people = {name: at_level(questionnaire, level) for name, level in LEVELS.items()}
    return people | {"Dev": Person(questionnaire, {})}


def write_team(path: Path, questionnaire: Questionnaire, rows: list[tuple[str, int | str]]) -> Path:
    """Write a survey export in which everybody gives one answer to all questions about skills."""
    skills = [item.key for item in questionnaire.items.values() if item.kind == "skill"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *skills])
        writer.writerows([name, *[level] * len(skills)] for name, level in rows)
    return path


def roles_of(knowledge: Knowledge, *keys: str) -> list[Role]:
    """Return roles by key."""
    return [knowledge.roles[key] for key in keys]


def test_who_covers_what(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """Levels from 4 up hang on Ana alone, those up to 3 are covered by two, and nobody is missing."""
    result = map_team(knowledge, team, roles_of(knowledge, "head", "director"), 80)
    assert result.people == ("Ana", "Ben", "Chloe", "Dev")
    assert result.gaps == ()
    for need in result.single_points:
        assert need.people == ("Ana",)
        assert need.level >= 4
    asked = {
        (skill, demand.level)
        for role in roles_of(knowledge, "head", "director")
        for skill, demand in role.requires.items()
        if demand.level >= 4
    }
    assert {(need.skill, need.level) for need in result.single_points} == asked
    for covered in result.skills:
        assert covered.levels == (5, 3, 1, None)
        levels = [
            role.requires[covered.skill].level
            for role in roles_of(knowledge, "head", "director")
            if covered.skill in role.requires
        ]
        assert covered.needed == max(levels)


def test_what_nobody_covers(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """Without Ana, what she alone covered is a gap, with the roles that ask for it."""
    whole = map_team(knowledge, team, roles_of(knowledge, "director", "head"), 80)
    del team["Ana"]
    rest = map_team(knowledge, team, roles_of(knowledge, "director", "head"), 80)
    alone = {(need.skill, need.level): need.roles for need in whole.single_points}
    assert {(need.skill, need.level): need.roles for need in rest.gaps} == alone
    # What two covered hangs on Ben now.
    assert {need.people for need in rest.single_points} == {("Ben",)}


def test_succession(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """The nearest comes first, with the plan's time; a role that a promotion leads to is a leading one."""
    result = map_team(knowledge, team, roles_of(knowledge, "specialist", "head", "director"), 80)
    assert [line.role for line in result.lines] == ["director", "head", "specialist"]
    leading = {line.role for line in result.lines if line.leading}
    assert leading == {
        move.to
        for move in knowledge.moves
        if move.kind == "promotion" and {move.from_, move.to} <= {"specialist", "head", "director"}
    }
    director = result.lines[0]
    assert [one.person for one in director.people][:2] == ["Ana", "Ben"]
    ana, ben, *_ = director.people
    assert ana.months.typical == 0
    role = knowledge.roles["director"]
    assert ben.months == make_plan(knowledge, team["Ben"], role, 80).months
    assert ben.readiness == team["Ben"].readiness(role).value
    assert ben.gates == tuple(gate.text for gate in team["Ben"].gates_ahead(role))
    assert ben.gates


def test_rows_left_out(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A fault and two rows with one id are left out, each with its line; the others count."""
    rows: list[tuple[str, int | str]] = [("Ana", 4), ("Ben", 9), ("Cem", 2), ("Cem", 3), ("Dev", 1)]
    people, left_out = read_team(questionnaire, write_team(tmp_path / "team.csv", questionnaire, rows))
    assert list(people) == ["Ana", "Dev"]
    assert {problem.place.line for problem in left_out} == {3, 5}
    assert any("neither is used" in problem.message for problem in left_out)
    nobody = write_team(tmp_path / "nobody.csv", questionnaire, [("Ben", 9)])
    with pytest.raises(ProblemsFound):
        read_team(questionnaire, nobody)


def test_command(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """The heat map on the screen, in Markdown and as JSON; the roles of a stage, or those that are named."""
    file = str(write_team(tmp_path / "team.csv", questionnaire, [("Ana", 4), ("Ben", 2)]))
    shown = run_mops("team", "map", file, "--stage", "3").stdout
    assert "2 people beside 7 roles" in shown
    assert "What hangs on one person" in shown
    markdown = run_mops("team", "map", file, "--stage", "3", "--format", "markdown").stdout
    assert "| Marketing automation | 5 | 4 | 2 |" in markdown
    result = run_mops("team", "map", file, "--roles", "head,director", "--json")
    answer = json.loads(result.stdout)
    assert answer["command"] == "team map"
    assert answer["data"]["roles"] == ["head", "director"]
    assert answer["data"]["skills"][0]["levels"] == [4, 2]


def test_faults_are_told(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """Rows that were left out are on the screen and in JSON, and the exit code is 1."""
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
def test_bad_input(
    arguments: tuple[str, ...], said: str, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """Each mistake is answered with what to do instead."""
    file = str(write_team(tmp_path / "team.csv", questionnaire, [("Ana", 4)]))
    given = [file if argument == "FILE" else argument for argument in arguments]
    if "--want" in given:
        (tmp_path / "a.yaml").write_text("people: 0\n", "utf-8")
        given += ["--answers", str(tmp_path / "a.yaml")]
    result = run_mops("team", *given, XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


def test_advice_on_the_screen(tmp_path: Path) -> None:
    """The next hire is the headline, with its rule, what was said, and the pay beside the market."""
    template = run_mops("team", "--template").stdout
    answers = tmp_path / "team.yaml"
    filled = template.replace("\npeople:", "\npeople: 0").replace("\ncampaigns:", "\ncampaigns: 25")
    answers.write_text(filled, "utf-8")
    shown = run_mops(
        "team", "--answers", str(answers), "--budget", "80000", "--asked", "95000", COLUMNS="100"
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("Hire a Campaign-focused Marketing Operations Manager\n")
    for said in (
        "first-campaigns-volume",
        "stage 0",
        "$20,000 less",
        "$15,000 above your budget",
        "sample of 49",
        "2026",
    ):
        assert said in " ".join(shown.stdout.split()), said
    data = json.loads(run_mops("team", "--answers", str(answers), "--json").stdout)
    assert data["command"] == "team"
    assert data["data"]["stage"]["number"] == 0
    assert data["data"]["hires"][0]["rule"] == "first-campaigns-volume"
    assert f"mops team --all --answers {answers}" in " ".join(shown.stdout.split())


def test_wrong_answers(tmp_path: Path) -> None:
    """An answer that is no option is refused with its line."""
    answers = tmp_path / "team.yaml"
    answers.write_text("people: 0\ncampaigns: 7\nleadr: 1\n", "utf-8")
    result = run_mops("team", "--answers", str(answers))
    assert result.returncode == 1
    assert "team.yaml:2" in result.stderr
    assert "team.yaml:3" in result.stderr
    assert "did you mean 'leader'" in result.stderr
