"""The map of a team, against counts made by hand."""

from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.page import Heat
from mopscli.pages.team import map_page
from mopscli.person.person import Person
from mopscli.person.plan import make_plan
from mopscli.problem import ProblemsFound
from mopscli.survey.people import read_team
from mopscli.team.coverage import map_team
from people import write_team

LEVELS = {"Ana": 5, "Ben": 3, "Chloe": 1}


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


def roles_of(knowledge: Knowledge, *keys: str) -> list[Role]:
    """Return roles by key."""
    return [knowledge.roles[key] for key in keys]


def test_who_covers_what(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """A level that hangs on one person would be told as covered or missing, or one of two as at risk."""
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
    """Without the one who covered it, a level would be no gap, or not name the roles that ask for it."""
    whole = map_team(knowledge, team, roles_of(knowledge, "director", "head"), 80)
    del team["Ana"]
    rest = map_team(knowledge, team, roles_of(knowledge, "director", "head"), 80)
    alone = {(need.skill, need.level): need.roles for need in whole.single_points}
    assert {(need.skill, need.level): need.roles for need in rest.gaps} == alone
    # What two covered hangs on Ben now.
    assert {need.people for need in rest.single_points} == {("Ben",)}


def test_succession(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """The nearest would not come first, have another time than the plan's, or a leading role not be one."""
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
    """A faulty row, or two with one id, would count, or take others with them, or go without their line."""
    rows: list[tuple[str, int | str]] = [("Ana", 4), ("Ben", 9), ("Cem", 2), ("Cem", 3), ("Dev", 1)]
    people, left_out = read_team(questionnaire, write_team(tmp_path / "team.csv", questionnaire, rows))
    assert list(people) == ["Ana", "Dev"]
    assert {problem.place.line for problem in left_out} == {3, 5}
    assert any("neither is used" in problem.message for problem in left_out)
    nobody = write_team(tmp_path / "nobody.csv", questionnaire, [("Ben", 9)])
    with pytest.raises(ProblemsFound):
        read_team(questionnaire, nobody)


def test_heaviest_gap_first(knowledge: Knowledge) -> None:
    """What counts little would stand above what decides a role."""
    person = Person(prepare(knowledge), {"marketing-automation": 0.0})
    roles = roles_of(knowledge, "head", "director")
    gaps = map_team(knowledge, {"Ana": person}, roles, 80).gaps
    weights = [sum(knowledge.roles[key].requires[gap.skill].weight for key in gap.roles) for gap in gaps]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 1


def test_far_off_is_no_successor(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """Somebody with less than 5 in 100 to be ready would stand in a succession."""
    for line in map_team(knowledge, team, roles_of(knowledge, "head", "director", "vp"), 80).lines:
        assert all(one.chance >= 0.05 for one in line.people)
        assert "Chloe" not in {one.person for one in line.people}


def test_held_against_their_own_role(knowledge: Knowledge, team: dict[str, Person]) -> None:
    """A specialist would be colored by what a director needs, or somebody without a job by nothing."""
    questions = prepare(knowledge)
    _, options = questions.context["present-role"]
    specialist = next(option.value for option in options if option.role == "specialist")
    team["Ana"] = Person(questions, {**team["Ana"].answers, "present-role": specialist})
    result = map_team(knowledge, team, roles_of(knowledge, "director", "head"), 80)
    assert result.against[0] == "specialist"
    ready = [team["Ben"].is_ready(role, 80) for role in roles_of(knowledge, "head", "director")]
    assert (result.against[1], ready) == ("director", [True, False])
    assert result.against[3] is None
    heat = next(block for block in map_page(knowledge, result, ()).blocks if isinstance(block, Heat))
    for row, covered in zip(heat.rows, result.skills, strict=True):
        demand = knowledge.roles["specialist"].requires.get(covered.skill)
        assert row.asked[0] == (demand.level if demand else None)
        assert row.asked[3] is None
