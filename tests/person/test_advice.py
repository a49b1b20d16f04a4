"""The advice: people whom a mentor described, and what they should be told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from typing import Any

import pytest

from mopscli.assessment.advice import READY, RULES, Advice, AdviceState, Judge
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.verdict import assess
from mopscli.knowledge import Knowledge
from mopscli.pages.advice import NOW, advice_sentences, leading_first, with_advice
from mopscli.pages.verdict import assessment_page
from mopscli.person.advice import make_advice
from mopscli.person.person import Person
from mopscli.person.plan import make_plan
from people import PERSONAS, persona_answers
from samples import on_screen

# The roles that the first version had.
FIRST = (
    *("specialist", "senior-specialist", "platform-manager", "campaign-manager", "campaign-team-manager"),
    *("head", "director", "vp", "marketing-manager", "senior-marketing-manager", "marketing-director"),
    *("marketing-vp", "cmo"),
)


@pytest.fixture(scope="module")
def questionnaire(knowledge: Knowledge) -> Questionnaire:
    """Return the bundled questions."""
    return prepare(knowledge)


# What somebody whom a mentor described is told, and who they are; most tests ask for it.
KNOWN: dict[str, tuple[Advice, Person]] = {}


def advice_for(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: Mapping[str, Any]
) -> tuple[Advice, Person]:
    """Return what somebody is told, and who they are."""
    if persona["key"] not in KNOWN:
        KNOWN[persona["key"]] = advice_of(knowledge, questionnaire, persona)
    return KNOWN[persona["key"]]


def advice_of(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: Mapping[str, Any]
) -> tuple[Advice, Person]:
    """Find what somebody is told, and who they are."""
    person = Person(questionnaire, persona_answers(knowledge, questionnaire, persona))
    roles = [knowledge.roles[key] for key in persona["compare"]]
    advice = make_advice(knowledge, questionnaire, roles, person.answers)
    assert advice is not None
    return advice, person


def listed(value: Any) -> list[Any]:
    """Return a value, or several of them, as a list."""
    return value if isinstance(value, list) else [value]


def test_enough_people() -> None:
    """A kind of advice would be tried on hardly anybody."""
    states = [listed(persona["expect"]["state"])[0] for persona in PERSONAS.values()]
    assert len(PERSONAS) >= 40
    assert all(states.count(state) >= 4 for state in AdviceState)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=lambda persona: persona["key"])
def test_what_a_mentor_would_say(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: dict[str, Any]
) -> None:
    """Somebody would be told what no mentor would sign."""
    advice, _ = advice_for(knowledge, questionnaire, persona)
    expected = persona["expect"]
    assert advice.state in listed(expected["state"])
    if advice.state is AdviceState.EITHER:
        assert advice.wants is None
    else:
        assert advice.wants in listed(expected.get("wants"))
    assert set(expected.get("ready_for", ())) <= set(advice.ready_for)
    assert not set(expected.get("not_ready_for", ())) & set(advice.ready_for)
    assert advice.fits_today is None or advice.fits_today in advice.ready_for
    if "fits_today" in expected:
        assert advice.fits_today in listed(expected["fits_today"])
    sentences = advice_sentences(knowledge, advice)
    assert all(sentence.endswith((".", "how.")) and "None" not in sentence for sentence in sentences)


def test_every_rule_is_used(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A rule would never decide, or nobody get some kind of advice."""
    found = {advice_for(knowledge, questionnaire, persona)[0].state for persona in PERSONAS.values()}
    assert found == {state for state, _ in RULES} == set(AdviceState)


def test_people_made_for_a_role(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Somebody who is just as a role has it would be told that they want another one, or are not ready."""
    wrong = []
    for role in knowledge.roles.values():
        demands = {**role.requires, **role.offers}
        levels = {trait: demands[trait].level if trait in demands else 0 for trait in questionnaire.priors}
        answers = {
            key: min(item.choices, key=lambda choice: abs(choice.y - levels[item.trait])).value
            for key, item in questionnaire.items.items()
        }
        judge = Judge(questionnaire, answers)
        assert judge.ability(role).is_ready, role.key
        for other in knowledge.roles.values():
            if other is not role:
                wish = judge.wish((role, other))
                if wish.role != role.key or wish.word == "too close to call":
                    wrong.append((role.key, other.key, wish.probability))
    assert wrong == []
    assert len(list(permutations(FIRST, 2))) == 156
    assert set(FIRST) <= set(knowledge.roles)


def test_before_any_answer(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Before the first answer one role would be wanted more than another."""
    judge = Judge(questionnaire, {})
    for one, other in combinations(knowledge.roles.values(), 2):
        wish = judge.wish((one, other))
        assert wish.probability == pytest.approx(0.5, abs=1e-6)
        assert not wish.is_known


# --- What hangs together --------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=lambda persona: persona["key"])
def test_the_advice_agrees_with_itself(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: dict[str, Any]
) -> None:
    """A part of the advice would contradict another, or rest on what was not asked."""
    advice, person = advice_for(knowledge, questionnaire, persona)
    judge = Judge(questionnaire, person.answers)
    roles = knowledge.roles
    assert set(advice.ready_for) == {key for key, role in roles.items() if judge.ability(role).is_ready}
    ranks = [roles[key].rank for key in advice.ready_for]
    assert ranks == sorted(ranks, reverse=True)
    assert not set(advice.nearly_ready_for) & set(advice.ready_for)
    assert (advice.fits_today is None) is (not advice.ready_for) or advice.wants is not None
    assert (advice.wants is None) is (advice.wants_probability is None)
    present = persona.get("facts", {}).get("present-role")
    assert advice.present == (present if present in roles else None)
    if advice.wants is None:
        assert advice.state in (AdviceState.EITHER, AdviceState.UNKNOWN)
        assert (advice.route, advice.next, advice.readiness) == ((), None, None)
        return
    wanted, ability = roles[advice.wants], judge.ability(roles[advice.wants])
    assert (advice.wants in advice.compared) is (advice.state is not AdviceState.ELSEWHERE)
    asked = [skill for skill in wanted.requires if judge.is_known(skill)]
    assert {*asked, *advice.unknown} == set(wanted.requires)
    assert (advice.readiness is None) is (advice.chance is None) is (not asked)
    assert [must.text for must in advice.must_haves] == [gate.text for gate in wanted.gates]
    assert [must.met for must in advice.must_haves if must.met is False] == [False] * len(ability.unmet)
    if ability.is_ready:
        assert advice.fits_today == advice.wants
        assert advice.next == advice.wants or (advice.present == advice.wants and advice.next != advice.wants)
    if len(advice.route) > 1:
        moves = {(move.from_, move.to) for move in knowledge.moves}
        assert advice.route[-1] == advice.wants
        assert set(pairwise(advice.route[1:])) <= moves
        assert advice.present is None or advice.route[0] == advice.present
        assert advice.next in advice.route[:2] or ability.is_ready
    reasons = advice.reasons
    for some in (*reasons.likes, *reasons.dislikes):
        assert some.trait in knowledge.drives
        assert judge.is_known(some.trait)
    for some in (*reasons.brings, *reasons.lacks):
        assert some.trait in asked
    assert all(len(some) <= 3 for some in reasons)
    assert not {reason.trait for reason in reasons.likes} & {reason.trait for reason in reasons.dislikes}
    assert all(some.points > 0 for some in reasons.likes)
    for some in reasons.brings:
        assert judge.beliefs[some.trait].m >= wanted.requires[some.trait].level - 0.5
    for some in reasons.lacks:
        assert judge.beliefs[some.trait].m < wanted.requires[some.trait].level


def test_everybody_ready_gets_the_case(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """The advice would call somebody ready for a role, and the plan for it, or the way to it, say otherwise."""
    wrong = []
    for persona in PERSONAS.values():
        advice, person = advice_for(knowledge, questionnaire, persona)
        for key in {*advice.compared, advice.wants or "head"}:
            plan = make_plan(knowledge, person, knowledge.roles[key])
            if (plan.case is not None) is not (key in advice.ready_for):
                wrong.append((persona["key"], key))
    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=lambda persona: persona["key"])
def test_the_brief_page_is_one_screen(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: dict[str, Any]
) -> None:
    """The advice would not fit on a screen, say nothing of the next step, or hold what nobody can read."""
    _, person = advice_for(knowledge, questionnaire, persona)
    roles = [knowledge.roles[key] for key in persona["compare"]]
    result = with_advice(knowledge, person, roles, (), READY, assess(questionnaire, roles, person.answers))
    if not person.answers:
        return
    text = on_screen(assessment_page(knowledge, result, explain=False, everything=False))
    lines = text.rstrip("\n").splitlines()
    assert len(lines) <= 24
    assert all(len(line.rstrip()) <= 80 for line in lines)
    assert lines[-1].startswith(("mops result --all", "  everything", "mops questions"))
    assert "..." not in lines
    assert "Not shown here" not in text
    assert "None" not in text
    if result.advice.wants is not None:
        # There is something to do this week, of what the knowledge says or what is to be asked.
        assert NOW in " ".join(result.advice.sentences)
    assert not re.search(r"\d\.\d", text)
    assert result.advice is not None
    shown = " ".join(text.split())
    if result.advice.wants is not None:
        assert knowledge.roles[result.advice.wants].name in shown
        for sentence in result.advice.sentences[1:]:
            assert sentence in shown
    if result.advice.readiness is None:
        assert "of the skills that it asks for" not in shown


def test_skills_alone_tell_nothing_of_wishes(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Whoever answered about skills alone would be told what they want, or about wishes alone, what they can do."""
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    skills = {key: 5.0 for key, item in questionnaire.items.items() if item.kind == "skill"}
    able = make_advice(knowledge, questionnaire, roles, skills)
    assert able is not None
    assert (able.state, able.wants, able.wants_probability) == (AdviceState.UNKNOWN, None, None)
    assert able.unknown
    assert set(able.unknown) <= knowledge.drives.keys()
    assert "head" in able.ready_for
    persona = PERSONAS["wishes-without-skills"]
    wishes, _ = advice_for(knowledge, questionnaire, persona)
    assert (wishes.state, wishes.readiness, wishes.ready_for) == (AdviceState.UNKNOWN, None, ())
    assert wishes.wants is not None
    assert wishes.unknown
    assert set(wishes.unknown) <= knowledge.skills.keys()


def test_no_advice_where_roles_give_nothing(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Between roles that name no drives, there would be advice on what one wants."""
    roles = [replace(knowledge.roles[key], offers={}) for key in ("head", "director")]
    assert make_advice(knowledge, questionnaire, roles, {"leadership": 3.0}) is None


def test_another_readiness_counts(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """With less asked for, fewer roles would be open than with more."""
    person = advice_for(knowledge, questionnaire, PERSONAS["half-answered-head"])[1]
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    found = [
        make_advice(knowledge, questionnaire, roles, person.answers, (), ready) for ready in (99, 80, 40)
    ]
    counts = [len(advice.ready_for) for advice in found if advice is not None]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_two_that_lead_are_explained(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Among three roles, those named first would be explained and not the two that lead."""
    person = advice_for(knowledge, questionnaire, PERSONAS["half-and-half"])[1]
    told = []
    for keys in (("head", "director", "cmo"), ("cmo", "director", "head")):
        roles = [knowledge.roles[key] for key in keys]
        result = with_advice(
            knowledge, person, roles, (), READY, assess(questionnaire, roles, person.answers)
        )
        assert result.advice is not None
        assert {result.verdict.role, result.verdict.rival} == {"head", "director"}
        brief = on_screen(assessment_page(knowledge, result, explain=False, everything=False))
        ordered = assess(questionnaire, leading_first(roles, result), person.answers)
        explained = on_screen(
            assessment_page(knowledge, ordered._replace(advice=result.advice), explain=True)
        )
        deciding = brief.partition("What would decide")[2].partition("\n\n")[0]
        speaking = re.findall(r"What speaks for (\w+) against (\w+)", explained)
        told.append((set(deciding.splitlines()), sorted(speaking)))
    assert told[0] == told[1]
    assert told[0][1] == [("Director", "Head"), ("Head", "Director")]
