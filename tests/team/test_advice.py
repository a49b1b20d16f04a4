"""Stages, next hires and pay: against described organizations that somebody else judged by the articles alone."""

import random
from typing import Any

import pytest
import yaml

from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.team.advice import advise_team, choices_about, holds, is_asked
from samples import TESTS

ORGANIZATIONS = yaml.safe_load((TESTS / "organizations.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Return the bundled knowledge with what it tells of teams."""
    return load(bundled_folder(), ("team",))


@pytest.mark.parametrize("organization", ORGANIZATIONS, ids=lambda some: some["name"])
def test_described_organization(knowledge: Knowledge, organization: dict[str, Any]) -> None:
    """Stage and hire are those that the articles give, and the explanation names the rule and its source."""
    answers = {key: float(value) for key, value in organization["answers"].items()}
    advice = advise_team(knowledge, answers)
    assert advice.stage is not None
    assert advice.stage.number == organization["stage"]
    hire = organization["hire"]
    assert [found.role for found in advice.hires] == (hire if isinstance(hire, list) else [hire])
    if "focus" in organization:
        assert advice.hires[0].focus == organization["focus"]
    if "decides" in organization:
        assert organization["decides"] in advice.decides
    else:
        assert advice.decides == ()
    assert knowledge.team is not None
    for found in advice.hires:
        rule = knowledge.team.rules[found.rule]
        assert (found.text, found.source) == (rule.text, rule.source)
        assert found.source in knowledge.sources
        told = {reason.key for reason in found.reasons} | set(found.open)
        assert told == {condition.asks for condition in rule.when}


def test_enough_organizations(knowledge: Knowledge) -> None:
    """Every stage, every hire and nearly every rule is met by some organization."""
    assert len(ORGANIZATIONS) >= 36
    advice = [
        advise_team(knowledge, {key: float(value) for key, value in some["answers"].items()})
        for some in ORGANIZATIONS
    ]
    assert knowledge.team is not None
    assert {some.stage.number for some in advice if some.stage} == {0, 1, 2, 3}
    assert {hire.role for some in advice for hire in some.hires} == {None, *knowledge.team.seats}
    used = {hire.rule for some in advice for hire in some.hires}
    assert len(used) >= len(knowledge.team.rules) - 2, knowledge.team.rules.keys() - used


def test_a_rule_that_holds_speaks_for_its_hire(knowledge: Knowledge) -> None:
    """Where one rule names a hire for certain, another that may name it does not make it doubtful."""
    answers = {"people": 6, "leader": 1, "campaign-people": 0, "backlog": 0, "alignment": 0}
    (hire,) = advise_team(knowledge, answers).hires
    assert (hire.role, hire.rule, hire.open) == ("director", "director-for-alignment", ())


def test_whatever_is_answered_was_possible(knowledge: Knowledge) -> None:
    """With answers missing, whichever hire the full answers give was among those named, and its questions too."""
    assert knowledge.team is not None
    choices = choices_about(knowledge.team)
    chance = random.Random(7)
    for _ in range(500):
        full = {key: chance.choice(options).value for key, options in choices.items()}
        some = {key: value for key, value in full.items() if key == "people" or chance.random() < 0.5}
        advice = advise_team(knowledge, some)
        named = {(hire.role, hire.focus) for hire in (*advice.hires, *advice.others)}
        (found,) = advise_team(knowledge, full).hires
        assert (found.role, found.focus) in named
        answered = some | {key: full[key] for key in advice.decides}
        assert len(advise_team(knowledge, answered).hires) == 1


def test_answers_that_do_not_fit(knowledge: Knowledge) -> None:
    """Each conflict is told when all its answers are given, and only then."""
    assert knowledge.team is not None
    for conflict in knowledge.team.conflicts:
        answers = {
            one.asks: one.at_least if one.at_least is not None else one.at_most or 0.0
            for one in conflict.when
        }
        assert conflict in advise_team(knowledge, answers).conflicts
        answers.pop(conflict.when[-1].asks)
        assert conflict not in advise_team(knowledge, answers).conflicts


def test_questions_that_make_no_sense_are_not_asked(knowledge: Knowledge) -> None:
    """Nobody is asked who leads a team of none."""
    assert knowledge.team is not None
    assert not is_asked(knowledge.team, "leader", {"people": 0})
    assert is_asked(knowledge.team, "leader", {"people": 1})
    assert is_asked(knowledge.team, "leader", {"people": None})
    assert advise_team(knowledge, {"people": 0}).questions < len(knowledge.team.questions)


def test_without_answers(knowledge: Knowledge) -> None:
    """Without an answer nothing is claimed, and the question that would tell the stage is named."""
    advice = advise_team(knowledge, {})
    assert (advice.stage, advice.hires, advice.neglected) == (None, (), ())
    assert advice.decides == ("people",)


def test_conditions(knowledge: Knowledge) -> None:
    """A condition on a question without an answer is neither met nor missed, unless another one is missed."""
    assert knowledge.team is not None
    when = knowledge.team.rules["first-campaigns-deadlines"].when
    assert holds(when, {"campaigns": 4, "turnaround": 2}) is True
    assert holds(when, {"campaigns": 4}) is None
    assert holds(when, {"campaigns": 0}) is False
    assert holds((), {}) is True


def test_neglected_buckets(knowledge: Knowledge) -> None:
    """Each sign shows with an answer on its side of the bound, and not with one on the other."""
    assert knowledge.team is not None
    choices = choices_about(knowledge.team)
    for bucket in knowledge.team.buckets.values():
        for sign in bucket.signs:
            values = [choice.value for choice in choices[sign.asks]]
            shown = {
                value
                for value in values
                for some in advise_team(knowledge, {sign.asks: value}).neglected
                if some.key == bucket.key and sign in some.signs
            }
            assert shown, sign.text
            assert shown < set(values), sign.text


def test_pay(knowledge: Knowledge) -> None:
    """An offer below what postings begin with is said to be short, and by how much."""
    director = knowledge.roles["director"]
    pay = advise_team(knowledge, {"people": 0}, director, 100_000, [150_000]).pay
    assert pay is not None
    assert pay.short == 40_000
    assert "platform-manager" in pay.within
    assert "director" not in pay.within
    assert pay.notes
    assert pay.wishes == sum(demand.level >= 4 for demand in director.requires.values())
    enough = advise_team(knowledge, {"people": 0}, director, 150_000, [145_000]).pay
    assert enough is not None
    assert (enough.short, enough.notes) == (None, ())
    nothing = advise_team(knowledge, {"people": 0}, knowledge.roles["cmo"], 100_000).pay
    assert nothing is not None
    assert (nothing.figures, nothing.short) == ((), None)
