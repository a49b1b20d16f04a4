"""What differs between two sets of answers, what moved between assessments, and which goals are reached."""

import json
import math
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from assessments import exact_reading, phi
from mopscli.assessment.formulas import Z_90, Belief
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.standing import believe_all
from mopscli.assessment.verdict import assess
from mopscli.knowledge import Knowledge
from mopscli.person.change import changes_between, differs, list_saved
from mopscli.person.person import Person
from mopscli.person.store import FILE, Store
from people import draw
from program import run_mops

CONTEST = ("head", "director")


def save(store: Store, answers: Mapping[str, float], about: str = "") -> int:
    """Save a finished assessment."""
    number = store.begin(CONTEST, "same", about)
    for key, value in answers.items():
        store.answer(number, key, value)
    store.finish(number)
    return number


def test_what_moved_and_what_is_reached(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """Noise would be told as progress, another person's answers count as one's own, or a goal be lost."""
    store = Store(tmp_path)
    old = {key: 2.0 for key, item in questionnaire.items.items() if item.kind == "skill"}
    first = save(store, old)
    store.set_goals("director", {"leadership": 4, "communication": 3, "strategic-planning": 5})
    save(store, {**old, "leadership": 4, "communication": 3})
    save(store, dict.fromkeys(old, 5.0), about="Sam")
    history = list_saved(knowledge, questionnaire, "same", store.all(), store.goals())
    assert [one.about for one in history.assessments] == ["Sam", "", ""]
    assert history.since == first
    assert [(moved.trait, round(moved.before), round(moved.now)) for moved in history.moved] == [
        ("leadership", 2, 4)
    ]
    assert [(goal.skill, goal.level, goal.reached) for goal in history.goals] == [
        ("leadership", 4, True),
        ("communication", 3, True),
        ("strategic-planning", 2, False),
    ]
    assert history.assessments[1].readiness is not None
    assert history.assessments[2].readiness is not None
    assert (history.assessments[1].readiness["director"] or 0) > (
        history.assessments[2].readiness["director"] or 0
    )


def test_goals_of_a_new_plan(tmp_path: Path) -> None:
    """A new plan would leave goals of the old one, or forgetting all leave any."""
    store = Store(tmp_path)
    store.set_goals("head", {"leadership": 3})
    store.set_goals("director", {"leadership": 4})
    store.set_goals("head", {"communication": 3})
    assert {(goal.role, goal.skill, goal.level) for goal in store.goals()} == {
        ("head", "communication", 3),
        ("director", "leadership", 4),
    }
    save(store, {"leadership": 3})
    store.forget(None)
    assert (store.all(), store.goals()) == ((), ())


def test_a_file_of_the_first_version(tmp_path: Path) -> None:
    """Assessments saved before there were other people's views would be lost."""
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute(
            "CREATE TABLE assessment (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL,"
            " finished TEXT, roles TEXT NOT NULL, knowledge TEXT NOT NULL)"
        )
        connection.execute(
            "INSERT INTO assessment (started, roles, knowledge) VALUES ('2026-01-01T00:00:00+00:00', 'a b', 'x')"
        )
    (saved,) = Store(tmp_path).all()
    assert (saved.about, saved.roles) == ("", ("a", "b"))
    assert Store(tmp_path).all() == (saved,)


def test_commands(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A plan would not be remembered, or another's view take the place of one's own."""
    home = {"XDG_DATA_HOME": str(tmp_path)}
    store = Store(tmp_path / "mops")
    skills = {key: 2.0 for key, item in questionnaire.items.items() if item.kind == "skill"}
    mine = save(store, skills)
    theirs = save(store, {**skills, "leadership": 5, "communication": 3}, about="Sam")
    plan = json.loads(run_mops("plan", "director", "--keep", "--json", **home).stdout)["data"]
    assert plan["steps"][0]["from"] == 2
    history = json.loads(run_mops("history", "--json", **home).stdout)["data"]
    assert {goal["skill"] for goal in history["goals"]} == {step["skill"] for step in plan["steps"]}
    assert not any(goal["reached"] for goal in history["goals"])
    text = run_mops("history", **home).stdout
    assert f"{theirs}: " in text
    assert "about Sam" in text
    assert "Goals of your plan for Director" in text
    views = json.loads(run_mops("compare-views", str(mine), str(theirs), "--json", **home).stdout)["data"]
    assert [(shift["trait"], shift["noticeable"]) for shift in views["traits"]] == [
        ("leadership", True),
        ("communication", False),
    ]
    shown = run_mops("compare-views", str(mine), str(theirs), **home).stdout
    assert "They clearly differ on" in shown
    assert "There is no assessment 9" in run_mops("compare-views", "9", "1", **home).stderr
    exported = json.loads(run_mops("export", **home).stdout)["data"]
    assert len(exported["goals"]) == len(history["goals"])


# --- Two sets of answers --------------------------------------------------------------------------


def test_changes_are_those_of_two_assessments(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Two views would be scored otherwise than by `assess`, or their shifts not add up to the lead."""
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    person = Person(questionnaire, draw(questionnaire, 6)[5])
    other = person.with_levels({"leadership": 4, "hands-on-execution": 1})
    found = changes_between(questionnaire, roles, person.answers, other.answers)
    assert found.one == assess(questionnaire, roles, person.answers)
    assert found.other == assess(questionnaire, roles, other.answers)
    assert {shift.trait for shift in found.traits} <= {"leadership", "hands-on-execution"}
    leads = [one.roles[0].fit - one.roles[1].fit for one in (found.one, found.other)]
    assert sum(shift.lead for shift in found.traits) == pytest.approx(leads[1] - leads[0])
    assert changes_between(questionnaire, roles, person.answers, person.answers).traits == ()


def test_noise_is_no_change(questionnaire: Questionnaire) -> None:
    """Two answers one level apart would be told as a change, or two that are two apart as noise."""
    prior = questionnaire.priors["leadership"]

    def belief(level: int) -> Belief:
        return believe_all(questionnaire, {"leadership": level})["leadership"]

    item = questionnaire.items["leadership"]
    for lower in range(5):
        for higher in range(lower + 1, 6):
            one, other = (exact_reading(item, level, prior) for level in (lower, higher))
            noticed = other[0] - one[0] > Z_90 * math.sqrt(one[1] + other[1])
            assert noticed is (higher - lower > 1)
            assert differs(prior, belief(lower), belief(higher)) is noticed
            assert differs(prior, belief(higher), belief(lower)) is noticed
    assert differs(prior, belief(2), believe_all(questionnaire, {})["leadership"]) is None


def test_noise_alone_is_seldom_noticed(questionnaire: Questionnaire) -> None:
    """More than about one in ten who have not changed would seem to have, at some level."""
    item, prior = questionnaire.items["leadership"], questionnaire.priors["leadership"]
    assert item.s2 == pytest.approx(0.36)
    beliefs = [believe_all(questionnaire, {item.key: level})["leadership"] for level in range(6)]
    total = 0.0
    # People at every tenth of a level, as many as the prior has there, and the answers that noise makes of it.
    people = [
        (level / 10, math.exp(-((level / 10 - prior[0]) ** 2) / (2 * prior[1]))) for level in range(-20, 71)
    ]
    for truth, share in people:
        below = [phi((place + 0.5 - truth) / 0.6) for place in range(5)]
        chances = [high - low for low, high in zip((0.0, *below), (*below, 1.0), strict=True)]
        noticed = sum(
            chances[a] * chances[b]
            for a in range(6)
            for b in range(6)
            if differs(prior, beliefs[a], beliefs[b])
        )
        assert noticed < 0.13
        total += share * noticed
    assert 0.05 < total / sum(share for _, share in people) < 0.1
