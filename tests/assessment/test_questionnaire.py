"""The questionnaire of a folder: what is asked, and what is believed before an answer."""

import pytest

from assessments import EVERY_KIND, exact_expected_s2, exact_options, exact_reading, folder_of
from mopscli.assessment.formulas import Reading
from mopscli.assessment.questionnaire import Item, answer_place, prepare, read_answer, read_by
from mopscli.assessment.verdict import assess
from mopscli.knowledge import load
from mopscli.problem import ProblemsFound
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
    options = exact_options(*questionnaire.priors[item.trait], item.s2, tuple(sorted(places.values())))
    for value, y in places.items():
        (belief,) = (
            belief
            for belief in assess(questionnaire, roles, {key: value}).beliefs
            if belief.trait == item.trait
        )
        _, mean, variance = options[sorted(places.values()).index(y)]
        assert (belief.mean, belief.sd**2) == pytest.approx((mean, variance))
        assert answer_place(item, value) == y
    # The questionnaire of the folder has priors and noise of its own for every question.
    assert item.expected_s2 == pytest.approx(exact_expected_s2(item, questionnaire.priors[item.trait]))


def test_what_an_answer_says(write_folder: WriteFolder) -> None:
    """An answer would be read as another one, or as nothing where a question has no options."""
    questionnaire, _ = folder_of(write_folder())
    for item in questionnaire.items.values():
        readings = {choice.value: read_answer(item, choice.value) for choice in item.choices}
        assert readings == {choice.value: choice.reading for choice in item.choices}
        assert len({reading.y for reading in readings.values()}) == len(item.choices)
        again = read_by(item, (1.0, 0.5), 2.0)
        assert again.expected_s2 == pytest.approx(exact_expected_s2(again, (1.0, 0.5)))
        last = exact_reading(again, again.choices[-1].value, (1.0, 0.5))
        assert again.choices[-1].reading == pytest.approx(last)
        assert (again.s2, again.text) == (2.0, item.text)
    bare = Item("pulse", "agree", "calm", "", (), 1.0, 1.0)
    assert read_answer(bare, 3.3) == Reading(3.3, 1.0)


def test_every_trait_is_read_by_its_prior(write_folder: WriteFolder) -> None:
    """One question about two traits would be read alike, although one of them is expected to be high."""
    text = EVERY_KIND.replace("prior:\n", "prior:\n  traits: {editing: {mean: 4, sd: 0.5}}\n").replace(
        ", text: What have you edited?, noise: 0.7", ""
    )
    items = folder_of(write_folder(), text)[0].items
    assert items["writes"].s2 == items["edits"].s2
    # The last option stands for all from 4.5 on; where less lies far beyond, it says less.
    assert read_answer(items["edits"], 5.0).y < read_answer(items["writes"], 5.0).y
    assert items["edits"].expected_s2 != items["writes"].expected_s2


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
    assert plain.items["a"].s2 == pytest.approx(1.25**2)
    assert plain.together == 0
    assert (plain.readiness_share, plain.between) == (0.5, ("author", "editor"))


def test_priors_of_single_traits(write_folder: WriteFolder) -> None:
    """What the questions say of a trait would not go before what the trait, or its kind, says."""
    roles = ROLES.replace(
        "    name: Editing\n", "    name: Editing\n    prior: {mean: 4, sd: 0.5}\n"
    ).replace("    name: Calm\n", "    name: Calm\n    prior: {mean: 0, sd: 2}\n")
    single = "prior:\n  together: 0.3\n  traits: {editing: {mean: 1, sd: 0.7}, calm: {mean: 2, sd: 3}}\n"
    questionnaire, _ = folder_of(write_folder(roles), EVERY_KIND.replace("prior:\n", single))
    assert questionnaire.priors == {"writing": (2, 1), "editing": (1, pytest.approx(0.49)), "calm": (2, 9)}
    assert questionnaire.prior_sds == pytest.approx({"writing": 1, "editing": 0.7, "calm": 3})
    assert questionnaire.together == 0.3


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        ("{together: 1.1}", "a number from 0 to 1"),
        ("{together: -0.1}", "a number from 0 to 1"),
        ("{traits: {juggling: {mean: 1, sd: 1}}}", "juggling"),
        ("{traits: {calm: {mean: 6, sd: 1}}}", "a number from 0 to 5"),
    ],
)
def test_faulty_priors(write_folder: WriteFolder, prior: str, expected: str) -> None:
    """A prior of a trait that there is not, or a correlation beyond 1, would be taken."""
    folder = write_folder(
        questions=f"prior: {prior}\nquestions:\n  writes: {{kind: skill, trait: writing}}\n"
    )
    with pytest.raises(ProblemsFound) as found:
        load(folder)
    assert expected in str(found.value.problems[0])


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
