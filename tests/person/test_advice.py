"""The advice: people whom a mentor described, and what they should be told."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
import yaml

from mopscli.assessment.advice import RULES, AdviceState, Judge
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge
from mopscli.pages.advice import advice_sentences
from mopscli.person.advice import make_advice
from samples import TESTS

PERSONAS: list[dict[str, Any]] = yaml.safe_load((TESTS / "personas.yaml").read_text("utf-8"))
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


def answers_of(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: Mapping[str, Any]
) -> dict[str, float]:
    """Return answers by rule: for each question the option that is nearest to the persona's level."""
    answers: dict[str, float] = {}
    for key, item in questionnaire.items.items():
        levels = persona["skills" if item.trait in knowledge.skills else "drives"]
        level = levels.get(item.trait, levels.get("default"))
        if isinstance(level, int | float):
            answers[key] = min(item.choices, key=lambda choice: abs(choice.y - level)).value
    for key, value in persona.get("facts", {}).items():
        _, options = questionnaire.context[key]
        chosen = (option.value for option in options if value in (option.role or option.value, option.value))
        answers[key] = next(chosen)
    return answers


def listed(value: Any) -> list[Any]:
    """Return a value, or several of them, as a list."""
    return value if isinstance(value, list) else [value]


def test_enough_people() -> None:
    """A kind of advice would be tried on hardly anybody."""
    states = [listed(persona["expect"]["state"])[0] for persona in PERSONAS]
    assert len(PERSONAS) >= 40
    assert all(states.count(state) >= 4 for state in AdviceState)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["key"])
def test_what_a_mentor_would_say(
    knowledge: Knowledge, questionnaire: Questionnaire, persona: dict[str, Any]
) -> None:
    """Somebody would be told what no mentor would sign."""
    roles = [knowledge.roles[key] for key in persona["compare"]]
    advice = make_advice(knowledge, questionnaire, roles, answers_of(knowledge, questionnaire, persona))
    expected = persona["expect"]
    assert advice is not None
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
    found = set()
    for persona in PERSONAS:
        roles = [knowledge.roles[key] for key in persona["compare"]]
        advice = make_advice(knowledge, questionnaire, roles, answers_of(knowledge, questionnaire, persona))
        assert advice is not None
        found.add(advice.state)
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
    for one, other in permutations(knowledge.roles.values(), 2):
        wish = judge.wish((one, other))
        assert wish.probability == pytest.approx(0.5, abs=1e-6)
        assert not wish.is_known
