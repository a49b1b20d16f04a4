"""The questionnaire of a folder: what is asked, and what is believed before an answer."""

import pytest

from assessments import folder_of
from mopscli.assessment.questionnaire import prepare
from mopscli.assessment.verdict import assess
from mopscli.knowledge import load
from samples import ROLES, WriteFolder


@pytest.mark.parametrize(
    ("key", "places"),
    [
        ("writes", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}),
        ("quiet", {1: 0, 2: 1.25, 3: 2.5, 4: 3.75, 5: 5}),
        ("noisy", {1: 5, 2: 3.75, 3: 2.5, 4: 1.25, 5: 0}),
        ("library", {1: 5, 2: 3.75, 3: 2.5, 4: 1.25, 5: 0}),
        ("island", {1: 0, 2: 1.25, 3: 2.5, 4: 3.75, 5: 5}),
    ],
)
def test_ends_of_the_scale(write_folder: WriteFolder, key: str, places: dict[float, float]) -> None:
    """A kind of question would put its answers at the wrong end of the trait."""
    questionnaire, roles = folder_of(write_folder())
    item = questionnaire.items[key]
    assert {choice.value: choice.y for choice in item.choices} == places
    prior, tau2 = questionnaire.priors[item.trait]
    for value, y in places.items():
        (belief,) = (
            belief
            for belief in assess(questionnaire, roles, {key: value}).beliefs
            if belief.trait == item.trait
        )
        assert belief.mean == pytest.approx((prior * item.s2 + y * tau2) / (item.s2 + tau2))


def test_words_of_a_questionnaire(write_folder: WriteFolder) -> None:
    """A question without words of its own would have none, or a choice not say what it means."""
    items = folder_of(write_folder())[0].items
    assert items["writes"].text == "Writing: which comes closest to what you have done?"
    assert items["edits"].text == "What have you edited?"
    assert items["writes"].choices[3].text == "Has owned."
    assert items["library"].text == "First: A library. Second: A market."
    assert [items["noisy"].choices[end].text for end in (0, -1)] == ["Strongly disagree", "Strongly agree"]
    assert [items["island"].choices[end].text for end in (0, -1)] == [
        "Clearly the first",
        "Clearly the second",
    ]


def test_noise_and_priors(write_folder: WriteFolder) -> None:
    """A kind's prior or noise would go before a trait's own, or the default before that of the kind."""
    roles = ROLES.replace(
        "    name: Editing\n", "    name: Editing\n    prior: {mean: 4, sd: 0.5}\n"
    ).replace("    name: Calm\n", "    name: Calm\n    prior: {mean: 0, sd: 2}\n")
    questionnaire, _ = folder_of(write_folder(roles))
    assert questionnaire.priors == {"writing": (2, 1), "editing": (4, 0.25), "calm": (0, 4)}
    assert {key: item.s2 for key, item in questionnaire.items.items()} == pytest.approx(
        {"writes": 0.25, "edits": 0.49, "quiet": 1, "noisy": 4, "library": 0.64, "island": 0.64}
    )
    plain, _ = folder_of(write_folder(), "questions:\n  a: {kind: agree, trait: calm, text: Yes?}\n")
    assert plain.priors == dict.fromkeys(("writing", "editing", "calm"), (2.5, pytest.approx(1.96)))
    assert plain.items["a"].s2 == 1
    assert (plain.readiness_share, plain.between) == (0.5, ("author", "editor"))


def test_without_questions(write_folder: WriteFolder) -> None:
    """A folder without questions.yaml would not have one question for each skill."""
    questionnaire, roles = folder_of(write_folder(), None)
    assert {key: (item.kind, item.trait) for key, item in questionnaire.items.items()} == {
        "writing": ("skill", "writing"),
        "editing": ("skill", "editing"),
    }
    assert questionnaire.context == {}
    assert questionnaire.between == ("author", "editor")
    assert questionnaire.items["writing"].s2 == pytest.approx(0.36)
    assert assess(questionnaire, roles, {"writing": 5, "editing": 5}).verdict.flip_risk == 0


def test_knowledge_without_its_questions(write_folder: WriteFolder) -> None:
    """Knowledge that was loaded without questions would pass for knowledge that has none."""
    with pytest.raises(ValueError, match="without its questions"):
        prepare(load(write_folder(), ()))
