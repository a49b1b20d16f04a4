"""A group's picture: counted by hand, and nobody read out of a small part."""

from collections import Counter

import pytest

from mopscli.assessment.advice import AdviceState
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.knowledge import Knowledge
from mopscli.person.advice import make_advice
from mopscli.person.person import Person
from mopscli.team.group import OTHERS, Seen, picture_group, see_person
from people import PERSONAS, persona_answers


@pytest.fixture(scope="module")
def people(knowledge: Knowledge, questionnaire: Questionnaire) -> dict[str, Person]:
    """Return everybody whom a mentor described."""
    return {
        key: Person(questionnaire, persona_answers(knowledge, questionnaire, persona))
        for key, persona in PERSONAS.items()
    }


def seen_of(knowledge: Knowledge, people: dict[str, Person], parts: list[str]) -> list[Seen]:
    """Return what is told of people, who belong to parts in turn."""
    roles = [knowledge.roles[key] for key in ("head", "director")]
    return [
        see_person(knowledge, person, roles, 80, key, parts[number % len(parts)])
        for number, (key, person) in enumerate(people.items())
    ]


def test_counts(knowledge: Knowledge, people: dict[str, Person]) -> None:
    """The shares of advice, or who wants what, would not be those that everybody is told alone."""
    roles = [knowledge.roles[key] for key in ("head", "director")]
    group = picture_group(seen_of(knowledge, people, [""]), roles, 80)
    alone = [make_advice(knowledge, p.questionnaire, roles, p.answers) for p in people.values()]
    assert group.whole.states == Counter(advice.state for advice in alone if advice)
    assert group.whole.wants == Counter(advice.wants for advice in alone if advice and advice.wants)
    assert group.whole.states[AdviceState.APPLY] >= 4
    assert group.whole.people == len(people)
    assert group.parts == ()
    values = [p.readiness(roles[0]).value for p in people.values() if any(map(p.is_known, roles[0].requires))]
    assert group.whole.readiness["head"] == pytest.approx(sum(values) / len(values))


def test_lacks(knowledge: Knowledge, people: dict[str, Person]) -> None:
    """A skill would be said to lack in people who were not asked, or who may have it."""
    roles = [knowledge.roles[key] for key in ("head", "director")]
    group = picture_group(seen_of(knowledge, people, [""]), roles, 80)
    for role in roles:
        for lack in group.whole.lacks[role.key]:
            asked = [p for p in people.values() if p.is_known(lack.skill)]
            assert lack.asked == len(asked)
            assert lack.below == sum(
                not p.reaches(lack.skill, role.requires[lack.skill].level) for p in asked
            )
        weights = [lack.below * role.requires[lack.skill].weight for lack in group.whole.lacks[role.key]]
        assert weights == sorted(weights, reverse=True)


def part(count: int, name: str) -> list[Seen]:
    """Return people of a part of whom nothing is known."""
    return [Seen(f"{name}{n}", name, None, None, None, (), (), {}) for n in range(count)]


@pytest.mark.parametrize(
    ("sizes", "told", "merged"),
    [
        ((9, 5, 7), {"p0": 9, "p2": 7, "p1": 5}, 0),
        ((9, 3, 4), {"p0": 9, OTHERS: 7}, 2),
        # What is left out could be found from the whole, so another part goes with it.
        ((9, 6, 2), {"p0": 9, OTHERS: 8}, 2),
        ((9, 2), {OTHERS: 11}, 2),
        ((3,), {}, 1),
    ],
)
def test_nobody_is_read_out_of_a_small_part(
    sizes: tuple[int, ...], told: dict[str, int], merged: int
) -> None:
    """A part with fewer than five people would be told of, or be what is left of the whole without the others."""
    everybody = [seen for number, size in enumerate(sizes) for seen in part(size, f"p{number}")]
    group = picture_group(everybody, [], 80, "team")
    assert {some.name: some.people for some in group.parts} == told
    assert group.merged == merged
    hidden = group.whole.people - sum(some.people for some in group.parts)
    assert hidden == 0 or not told
    everything = picture_group(everybody, [], 80, "team", least=1)
    assert {some.people for some in everything.parts} == set(sizes)
