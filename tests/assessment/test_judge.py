"""What somebody wants and what they can do, judged apart, and which advice follows; by the design's formulas."""

import math
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from assessments import (
    Answers,
    Losses,
    exact_beliefs,
    exact_movable,
    exact_parts,
    exact_variance,
    few_examples,
    fit_losses,
    lead_losses,
    phi,
    roles_of,
    some_answers,
)
from mopscli.assessment.advice import (
    LEAST_WISHES,
    RULES,
    Ability,
    AdviceState,
    Facts,
    Judge,
    Wish,
    advise_by,
    gate_met,
    heaviest,
)
from mopscli.knowledge.entries import Gate
from people import draw
from samples import bundled, bundled_questionnaire

KEYS = tuple(bundled().roles)


# --- The rules ------------------------------------------------------------------------------------

GATE = Gate(text="Has led a team.", source="own", asks="people-managed", at_least=1)
WANTED = Wish("director", "head", 0.99, 0.01, 20)
ABLE = Ability(role="director", readiness=90, chance=0.9, unmet=(), open=(), unasked=(), short=(), answers=30)


@pytest.mark.parametrize(
    ("wish", "ability", "elsewhere", "state"),
    [
        pytest.param(WANTED, ABLE, None, "apply", id="wanted and ready"),
        pytest.param(WANTED._replace(probability=0.75), ABLE, None, "apply", id="a leaning counts as wanted"),
        pytest.param(WANTED, ABLE._replace(chance=0.5), None, "apply", id="ready with one half"),
        pytest.param(WANTED, ABLE._replace(open=(GATE,)), None, "apply", id="no answer denies a must-have"),
        pytest.param(WANTED, ABLE._replace(chance=0.49), None, "grow", id="not ready"),
        pytest.param(WANTED, ABLE._replace(unmet=(GATE,)), None, "grow", id="one must-have missing"),
        pytest.param(
            WANTED, ABLE._replace(short=("leadership",)), None, "grow", id="far short of what decides"
        ),
        pytest.param(WANTED._replace(is_flat=True), ABLE, "cmo", "either", id="all liked alike"),
        pytest.param(
            WANTED._replace(is_flat=True, probability=0.6, risk=0.3), ABLE, None, "either", id="alike so far"
        ),
        pytest.param(WANTED, ABLE._replace(readiness=50, chance=0.0), None, "grow", id="half of it"),
        pytest.param(WANTED, ABLE._replace(readiness=49.9, chance=0.0), None, "far", id="less than half"),
        pytest.param(WANTED, ABLE._replace(unmet=(GATE, GATE)), None, "far", id="must-haves missing"),
        pytest.param(WANTED, ABLE._replace(unasked=("leadership",)), None, "unknown", id="not asked"),
        pytest.param(WANTED._replace(probability=0.74), ABLE, None, "either", id="too close"),
        pytest.param(
            WANTED._replace(probability=0.6), ABLE._replace(unasked=("x",)), None, "either", id="wishes first"
        ),
        pytest.param(WANTED, ABLE, "cmo", "elsewhere", id="another role, even to whoever is ready"),
        pytest.param(
            WANTED._replace(probability=0.6), ABLE, "cmo", "elsewhere", id="both alike, another more"
        ),
        pytest.param(WANTED._replace(answers=4), ABLE, "cmo", "unknown", id="nothing known of wishes"),
        pytest.param(
            WANTED._replace(probability=0.6, risk=0.2), ABLE, None, "unknown", id="answers would still tell"
        ),
    ],
)
def test_which_advice(wish: Wish, ability: Ability, elsewhere: str | None, state: str) -> None:
    """Another advice would follow than the table says, or one that a rule before it rules out."""
    assert advise_by(Facts(wish, ability, elsewhere)) == state


def test_every_case_has_an_advice() -> None:
    """Somebody would get no advice, or a rule stand where it never decides."""
    found = set()
    for answers, probability, flat, unasked, chance, readiness, unmet, elsewhere in product(
        (0, 20),
        (0.5, 0.9),
        (False, True),
        ((), ("x",)),
        (0.1, 0.9),
        (30, 90),
        ((), (GATE,), (GATE, GATE)),
        (None, "cmo"),
    ):
        facts = Facts(
            WANTED._replace(answers=answers, probability=probability, is_flat=flat),
            ABLE._replace(unasked=unasked, chance=chance, readiness=readiness, unmet=unmet),
            elsewhere,
        )
        number = next(number for number, (_, holds) in enumerate(RULES) if holds(facts))
        assert RULES[number][0] is advise_by(facts)
        found.add(number)
    assert found == set(range(len(RULES)))
    assert {state for state, _ in RULES} == set(AdviceState)


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.95, "clear"), (0.949, "leaning"), (0.75, "leaning"), (0.749, "too close to call")],
)
def test_words_of_a_wish(probability: float, word: str) -> None:
    """A wish would be called surer than it is, or clear although the answers are odd."""
    wish = WANTED._replace(probability=probability)
    assert wish.word == word
    assert wish._replace(is_doubtful=True).word == ("leaning" if word == "clear" else word)
    assert wish._replace(is_flat=True).word == "too close to call"


@pytest.mark.parametrize(
    ("changes", "ready", "nearly"),
    [
        ({"chance": 0.5}, True, False),
        ({"chance": 0.49}, False, True),
        ({"chance": 0.05}, False, True),
        ({"chance": 0.049}, False, False),
        ({"unmet": (GATE,)}, False, False),
        ({"unasked": ("leadership",)}, False, False),
        ({"short": ("leadership",)}, False, True),
        ({"open": (GATE,)}, True, False),
    ],
)
def test_ready_and_nearly(changes: dict[str, Any], ready: bool, nearly: bool) -> None:
    """Somebody would be ready who lacks what decides, of whom too little is known, or with less than one half."""
    ability = ABLE._replace(**changes)
    assert (ability.is_ready, ability.is_nearly_ready) == (ready, nearly)


@pytest.mark.parametrize(
    ("answers", "met"), [({}, None), ({"people-managed": 0}, False), ({"people-managed": 1}, True)]
)
def test_a_must_have(answers: Answers, met: bool | None) -> None:
    """A must-have would be met or not although no answer tells."""
    assert gate_met(GATE, answers) is met
    assert gate_met(Gate(text="Has flown.", source="own"), answers) is None


# --- What somebody can do -------------------------------------------------------------------------


def skill_losses(key: str) -> dict[str, Losses]:
    """Return what each skill takes from the readiness for a role, from 0 to 100."""
    (role,) = roles_of(key)
    return {
        trait: tuple((level, both, 2 * points) for level, both, points in losses)
        for trait, losses in fit_losses(role).items()
        if trait in role.requires
    }


@few_examples
@given(some_answers(), st.sampled_from(KEYS), st.sampled_from([60.0, 80.0]))
def test_readiness_against_the_formulas(answers: Answers, key: str, ready: float) -> None:
    """How ready one is, how sure that is, or what further answers would change, would not be as designed."""
    questionnaire, (role,) = bundled_questionnaire(), roles_of(key)
    judge, losses = Judge(questionnaire, answers, ready=ready), skill_losses(key)
    ability, beliefs = judge.ability(role), exact_beliefs(questionnaire, answers)
    exact = exact_parts(role, beliefs)[0]
    assert ability.readiness == pytest.approx(exact, abs=0.03)
    error = math.sqrt(exact_variance(questionnaire, losses, beliefs))
    assert ability.chance == pytest.approx(phi((exact - ready) / error), abs=0.01)
    rest = [item for item in questionnaire.items.values() if item.key not in answers]
    moved = exact_movable(questionnaire, losses, beliefs, rest)
    if moved > 1e-6:
        assert judge.risk_about(role) == pytest.approx(phi(-abs(exact - ready) / math.sqrt(moved)), abs=0.02)
    assert ability.answers == sum(
        key in answers for key, item in questionnaire.items.items() if item.trait in role.requires
    )


@pytest.mark.parametrize(("level", "short"), [(0, True), (1, True), (3, False), (5, False)])
def test_far_short_of_what_decides(level: int, short: bool) -> None:
    """Strong skills would make up for a deciding one that is surely missing, or one not asked count as missing."""
    questionnaire, (role,) = bundled_questionnaire(), roles_of("director")
    skills = {item.key: 5.0 for item in questionnaire.items.values() if item.kind == "skill"}
    lacking = {item.key: float(level) for item in questionnaire.items_of["leadership"]}
    ability = Judge(questionnaire, {**skills, **lacking}).ability(role)
    assert ability.chance >= 0.5
    assert ability.short == (("leadership",) if short else ())
    assert ability.is_ready is not short
    rest = {key: value for key, value in skills.items() if key not in lacking}
    assert Judge(questionnaire, rest).ability(role).short == ()


@pytest.mark.parametrize("key", KEYS)
def test_the_heaviest_skills(key: str) -> None:
    """What is asked first would not be what can take most points of readiness."""
    (role,) = roles_of(key)
    weights = {skill: demand.weight * demand.level for skill, demand in role.requires.items()}
    assert len(heaviest(role)) == min(3, len(weights))
    lightest = min(weights[skill] for skill in heaviest(role))
    assert all(weight <= lightest for skill, weight in weights.items() if skill not in heaviest(role))
    judge = Judge(bundled_questionnaire(), {})
    assert judge.ability(role).unasked == heaviest(role)
    first = judge.next_about_ability(role)
    assert first is not None
    assert first.trait in heaviest(role)


@few_examples
@given(some_answers(), st.sampled_from(KEYS))
def test_wishes_are_no_skills(answers: Answers, key: str) -> None:
    """What one likes would make one ready for a role, or what one can do make one want it."""
    questionnaire, knowledge = bundled_questionnaire(), bundled()
    parts: list[Answers] = [{}, {}]
    for name, value in answers.items():
        parts[questionnaire.items[name].trait in knowledge.skills][name] = value
    wishes, skills = parts
    role = knowledge.roles[key]
    other = next(some for some in knowledge.roles.values() if some is not role)
    judge = Judge(questionnaire, answers)
    assert judge.ability(role) == Judge(questionnaire, skills).ability(role)
    assert judge.wish((role, other)).answers == len(
        [name for name in wishes if questionnaire.items[name].trait in {**role.offers, **other.offers}]
    )
    alone = Judge(questionnaire, wishes).wish((role, other))
    assert judge.wish((role, other))[:4] == pytest.approx(alone[:4])


# --- What somebody wants --------------------------------------------------------------------------


@few_examples
@given(some_answers(), st.permutations(KEYS).map(lambda keys: keys[:2]))
def test_wishes_against_the_formulas(answers: Answers, keys: list[str]) -> None:
    """How much more one role is liked would not count from what anybody would, or not be as sure as designed."""
    questionnaire, (one, other) = bundled_questionnaire(), roles_of(*keys)
    wish = Judge(questionnaire, answers).wish((one, other))
    now, before = (
        exact_parts(one, beliefs)[1] - exact_parts(other, beliefs)[1]
        for beliefs in (exact_beliefs(questionnaire, answers), exact_beliefs(questionnaire, {}))
    )
    losses = {
        trait: tuple((level, both, 2 * points) for level, both, points in some)
        for trait, some in lead_losses(one, other).items()
        if trait in {**one.offers, **other.offers}
    }
    lead = now - before
    error = math.sqrt(exact_variance(questionnaire, losses, exact_beliefs(questionnaire, answers)))
    chance = wish.probability if wish.role == one.key else 1 - wish.probability
    assert chance == pytest.approx(phi(lead / error), abs=0.01)
    if abs(lead) > 0.05:
        assert (wish.role, wish.rival) == ((one.key, other.key) if lead > 0 else (other.key, one.key))


@few_examples
@given(some_answers())
def test_the_order_of_roles(answers: Answers) -> None:
    """Which role is named first would change what somebody wants."""
    questionnaire, roles = bundled_questionnaire(), roles_of("head", "director", "vp")
    one, other = (Judge(questionnaire, answers).wish(some) for some in (roles, roles[::-1]))
    assert one.probability == pytest.approx(other.probability)
    assert one.risk == pytest.approx(other.risk)
    if one.probability > 0.5 + 1e-9:
        assert (one.role, one.rival) == (other.role, other.rival)


def test_nobody_is_ahead_of_the_first_answer() -> None:
    """Before anything is answered, or with all answers in the middle of a trait, a role would be wanted."""
    questionnaire = bundled_questionnaire()
    for pair in (("head", "director"), ("specialist", "cmo"), ("associate", "vp")):
        wish = Judge(questionnaire, {}).wish(roles_of(*pair))
        assert wish.probability == pytest.approx(0.5, abs=1e-6)
        assert not wish.is_known
    wish = Judge(questionnaire, {}).wish(roles_of("head", "director", "vp", "cmo"))
    assert wish.probability == pytest.approx(0.5, abs=1e-6)


def test_people_as_they_are_usual_want_either_role() -> None:
    """Of people drawn from the prior, one role would get many more than the other, by what anybody would score."""
    questionnaire, roles, chance = bundled_questionnaire(), roles_of("head", "director"), Random(16)
    wishes = [item for item in questionnaire.items.values() if item.trait in bundled().drives]
    told = []
    for _ in range(600):
        levels = {
            trait: chance.gauss(mean, math.sqrt(variance))
            for trait, (mean, variance) in questionnaire.priors.items()
        }
        answers = {}
        for item in wishes:
            felt = chance.gauss(levels[item.trait], math.sqrt(item.s2))
            answers[item.key] = min(item.choices, key=lambda choice: abs(choice.y - felt)).value
        told.append(Judge(questionnaire, answers).wish(roles).role)
    # Four standard errors of a half are eight in a hundred.
    assert 0.42 < told.count("head") / len(told) < 0.58


def test_odd_answers_are_never_clear() -> None:
    """Somebody who gave one answer to all statements, or contradicts themselves, would want a role clearly."""
    questionnaire, roles = bundled_questionnaire(), roles_of("specialist", "cmo")
    for value in (1.0, 3.0, 5.0):
        answers = {key: value for key, item in questionnaire.items.items() if item.kind != "skill"}
        wish = Judge(questionnaire, answers).wish(roles)
        assert wish.is_doubtful
        assert wish.word != "clear"
    assert not Judge(questionnaire, {}).wish(roles).is_doubtful


def test_what_was_skipped_cannot_change_a_wish() -> None:
    """A question that was skipped would count as one that may still tell."""
    questionnaire, roles = bundled_questionnaire(), roles_of("head", "director")
    answers = draw(questionnaire, 3)[2]
    rest = [key for key in questionnaire.items if key not in answers]
    judge = Judge(questionnaire, answers, rest)
    assert judge.wish(roles).risk == 0
    assert judge.next_about_wishes(roles) is None
    assert judge.next_about_ability(roles[0]) is None
    assert judge.wish(roles).probability == Judge(questionnaire, answers).wish(roles).probability


@pytest.mark.parametrize("count", [0, LEAST_WISHES - 1, LEAST_WISHES])
def test_few_answers_tell_nothing_of_wishes(count: int) -> None:
    """Fewer than five answers about what one likes would tell what one wants."""
    questionnaire, roles = bundled_questionnaire(), roles_of("head", "director")
    answers: Answers = {}
    for _ in range(count):
        item = Judge(questionnaire, answers).next_about_wishes(roles)
        assert item is not None
        role = roles[1].offers.get(item.trait)
        level = role.level if role else 0
        answers[item.key] = min(item.choices, key=lambda choice: abs(choice.y - level)).value
    wish = Judge(questionnaire, answers).wish(roles)
    assert wish.answers == count
    assert wish.is_known is (count == LEAST_WISHES)
