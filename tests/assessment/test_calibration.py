"""Noise of questions and spread of traits, found from people of whom they are known."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import ndtr

from crowds import Array, answer, questionnaire_of
from mopscli.assessment.calibration import Fitted, Replies, alpha, calibrate, calibrated
from mopscli.assessment.questionnaire import Questionnaire, read_by

# Ten traits with four questions each.
MANY: Mapping[str, str] = {f"trait{number}": "aart" for number in range(10)}
TRUE_NOISE: Mapping[str, float] = {"agree": 0.9, "reversed": 1.6, "tradeoff": 1.1}
TRUE_PRIOR = (2.1, 1.0)


def off(found: Fitted, truth: float) -> float:
    """Return by how many standard errors a value is off the truth."""
    assert found.se is not None
    return (found.after - truth) / found.se


@pytest.mark.long
@pytest.mark.parametrize("count", [60, 300])
def test_values_are_found(count: int) -> None:
    """What was set wrongly would stay wrong, or be found with standard errors that promise too much."""
    questionnaire = questionnaire_of(MANY)
    found = calibrate(questionnaire, answer(questionnaire, count, 7, TRUE_NOISE, TRUE_PRIOR))
    assert found.people == count
    kinds = {key: item.kind for key, item in questionnaire.items.items()}
    noises = [off(fit.noise, TRUE_NOISE[kinds[fit.key]]) for fit in found.items]
    spreads = [off(fit.sd, TRUE_PRIOR[1]) for fit in found.traits]
    means = [off(fit.mean, TRUE_PRIOR[0]) for fit in found.traits]
    every = np.array([*noises, *spreads, *means])
    assert len(every) == 60
    assert (np.abs(every) <= 2).mean() >= 0.9
    # Nor are all of a kind off to the same side.
    assert abs(np.mean(noises)) < 0.6
    assert abs(np.mean(spreads)) < 1.2
    assert abs(np.mean(means)) < 1.2


def test_what_was_set_fades() -> None:
    """A value that was set far off would hold however many people speak against it, or change none with few."""
    questionnaire = questionnaire_of({"calm": "aaaa"}, more="noise: {agree: 5}\n")
    wrong = []
    for count in (30, 300, 3000):
        replies = answer(questionnaire, count, 3, {"agree": 1.0}, (2.5, 1.2))
        found = calibrate(questionnaire, replies)
        assert {fit.noise.before for fit in found.items} == {5.0}
        wrong.append(np.mean([abs(fit.noise.after - 1) for fit in found.items]))
    assert 1 > wrong[0] > wrong[-1]
    assert wrong[-1] < 0.05


def test_few_people_change_little() -> None:
    """What thirty people say would replace what was set, where a thousand would be needed to know better."""
    questionnaire = questionnaire_of({"calm": "aaa"})
    few, many = (
        calibrate(questionnaire, answer(questionnaire, count, 5, {"agree": 0.8}, (2.5, 1.0)))
        for count in (30, 1000)
    )
    for one, other in zip(few.items, many.items, strict=True):
        assert one.noise.se is not None
        assert other.noise.se is not None
        assert one.noise.se > 2 * other.noise.se


def test_gaps() -> None:
    """What somebody did not answer would count as an answer, or keep the others from being used."""
    questionnaire = questionnaire_of(MANY)
    replies = answer(questionnaire, 400, 2, TRUE_NOISE, TRUE_PRIOR, gaps=0.4)
    found = calibrate(questionnaire, replies)
    kinds = {key: item.kind for key, item in questionnaire.items.items()}
    every = [off(fit.noise, TRUE_NOISE[kinds[fit.key]]) for fit in found.items]
    every += [off(fit.sd, TRUE_PRIOR[1]) for fit in found.traits]
    every += [off(fit.mean, TRUE_PRIOR[0]) for fit in found.traits]
    assert (np.abs(every) <= 2).mean() >= 0.9
    for number, fit in enumerate(found.items):
        assert fit.answered == (replies.digits[:, number] > 0).sum()


def test_nobody_answered() -> None:
    """A question without answers, or with no column in the file, would get a value out of nothing."""
    questionnaire = questionnaire_of({"calm": "aaa", "hurry": "aa", "order": "aa"})
    full = answer(questionnaire, 80, 4)
    digits = full.digits.copy()
    digits[:, [full.keys.index(key) for key in ("calm-3", "hurry-1", "hurry-2")]] = 0
    # The last trait has no columns at all.
    found = calibrate(questionnaire, Replies(full.keys[:-2], digits[:, :-2]))
    fits = {fit.key: fit for fit in found.items}
    for key in ("calm-3", "hurry-1", "hurry-2", "order-1", "order-2"):
        assert fits[key].answered == fits[key].commonest == 0
        assert fits[key].noise == (1.25, pytest.approx(1.25), None)
        assert (fits[key].with_rest, fits[key].tells_nobody_apart) == (None, False)
    assert fits["calm-1"].noise.se is not None
    for trait in found.traits[1:]:
        assert (trait.answered, trait.alpha) == (0, None)
        assert trait.mean == (2.5, 2.5, None)
        assert trait.sd == (pytest.approx(1.4), pytest.approx(1.4), None)
    # Without anybody whose two traits are known, nothing is found of how these go together.
    assert found.together == (0, 0, None)


def test_rows_without_answers() -> None:
    """Whoever answered nothing would count as a person, and as one in the middle."""
    questionnaire = questionnaire_of({"calm": "aaa", "hurry": "ar"})
    some = answer(questionnaire, 60, 1)
    more = Replies(some.keys, np.concatenate([some.digits, np.zeros((40, 5), np.int8)]))
    one, other = calibrate(questionnaire, some), calibrate(questionnaire, more)
    assert one.people == other.people == 60
    for fit, same in zip(one.items, other.items, strict=True):
        assert same.noise.after == pytest.approx(fit.noise.after, abs=0.02)
        assert same._replace(noise=fit.noise) == fit


def test_rare_trait() -> None:
    """What few people say of a trait would be found otherwise if many others were not asked about it."""
    questionnaire = questionnaire_of({"calm": "aaa", "hurry": "aaa"})
    digits = answer(questionnaire, 4000, 1, {"agree": 0.9}, (1.5, 1.0)).digits
    digits[60:, 3:] = 0
    keys = tuple(questionnaire.items)
    among = calibrate(questionnaire, Replies(keys, digits)).traits[1]
    alone = calibrate(questionnaire, Replies(keys, digits[:60])).traits[1]
    assert among.mean.se is not None
    assert among.mean.after == pytest.approx(alone.mean.after, abs=0.1 * among.mean.se)


def test_reversed_key() -> None:
    """A question whose key is the wrong way round would pass, or its neighbors be suspected instead."""
    questionnaire = questionnaire_of({"calm": "aaart", "hurry": "aaaa"})
    replies = answer(questionnaire, 200, 1, TRUE_NOISE)
    assert not any(fit.looks_reversed or fit.stands_apart for fit in calibrate(questionnaire, replies).items)
    digits = replies.digits.copy()
    digits[:, 1] = 6 - digits[:, 1]
    found = calibrate(questionnaire, Replies(replies.keys, digits))
    assert [fit.key for fit in found.items if fit.looks_reversed] == ["calm-2"]
    assert [fit.key for fit in found.items if fit.stands_apart] == ["calm-2"]


def test_question_of_another_matter() -> None:
    """A question that has nothing to do with its trait would pass, or be taken for a reversed one."""
    questionnaire = questionnaire_of({"calm": "aaaa"})
    replies = answer(questionnaire, 300, 1, {"agree": 0.8})
    digits = replies.digits.copy()
    digits[:, 2] = np.random.default_rng(1).integers(1, 6, len(digits))
    found = calibrate(questionnaire, Replies(replies.keys, digits)).items
    assert [(fit.key, fit.looks_reversed) for fit in found if fit.stands_apart] == [("calm-3", False)]


def test_question_that_all_answer_alike() -> None:
    """A question that nearly all answer alike would pass for one that tells people apart."""
    questionnaire = questionnaire_of({"calm": "aaa"})
    replies = answer(questionnaire, 200, 1)
    digits = replies.digits.copy()
    digits[:190, 0] = 4
    digits[190:, 0] = 2
    found = calibrate(questionnaire, Replies(replies.keys, digits)).items
    assert found[0].commonest == 0.95
    assert [fit.key for fit in found if fit.tells_nobody_apart] == ["calm-1"]
    # If it is all of them, there is nothing to correlate, and it is no error.
    digits[:, 0] = 4
    first = calibrate(questionnaire, Replies(replies.keys, digits)).items[0]
    assert (first.commonest, first.with_rest, first.stands_apart) == (1, None, False)


def test_one_question_has_no_reliability() -> None:
    """The noise of a trait's only question would be told, which nothing in its answers shows."""
    questionnaire = questionnaire_of({"calm": "a", "hurry": "aa"})
    replies = answer(questionnaire, 200, 1, {"agree": 0.7}, (2.0, 1.0))
    found = calibrate(questionnaire, replies)
    alone, *others = found.items
    assert alone.noise == (1.25, pytest.approx(1.25), None)
    assert alone.with_rest is None
    assert all(fit.noise.se is not None for fit in others)
    one, two = found.traits
    assert (one.alpha, one.omega) == (None, None)
    assert None not in (two.alpha, two.omega)
    # The middle shows all the same.
    assert abs(off(one.mean, 2.0)) < 3
    # Where all but one of two questions have no answers, it is the same.
    digits = replies.digits.copy()
    digits[:, 2] = 0
    assert calibrate(questionnaire, Replies(replies.keys, digits)).items[1].noise.se is None


@pytest.mark.parametrize("truth", [0.0, 0.35])
def test_traits_that_go_together(truth: float) -> None:
    """The correlation between traits would be lost in the noise of their questions, or appear out of it."""
    questionnaire = questionnaire_of({f"trait{number}": "aaa" for number in range(6)})
    found = calibrate(questionnaire, answer(questionnaire, 400, 1, {"agree": 1.0}, together=truth))
    assert found.together.before == 0
    assert abs(off(found.together, truth)) < 2.5
    assert found.together.se is not None
    assert found.together.se < 0.06


def test_too_few_people() -> None:
    """Fewer than thirty people would be taken for enough, those who answered nothing among them."""
    questionnaire = questionnaire_of({"calm": "aaa"})
    replies = answer(questionnaire, 30, 1)
    assert calibrate(questionnaire, replies).people == 30
    digits = replies.digits.copy()
    digits[4] = 0
    for some in (digits, digits[:29], digits[:0]):
        with pytest.raises(ValueError, match=r"^30 people or more are needed, and there are "):
            calibrate(questionnaire, Replies(replies.keys, some))


def test_alpha() -> None:
    """Cronbach's alpha would not be that of a case worked by hand, or fail at its ends."""
    assert alpha(np.array([[1, 1], [2, 2], [3, 3]])) == pytest.approx(1)
    # Variances 1 and 1/3, of the sums (2, 4, 5) 7/3.
    assert alpha(np.array([[1, 1], [2, 2], [3, 2]])) == pytest.approx(2 * (1 - (1 + 1 / 3) / (7 / 3)))
    assert alpha(np.array([[1], [2], [3]])) is None
    assert alpha(np.array([[1, 2]])) is None
    assert alpha(np.zeros((0, 2))) is None
    assert alpha(np.array([[1, 2], [2, 1]])) is None


def test_reliabilities() -> None:
    """Alpha, omega or the correlation with the rest would be other figures than their formulas give."""
    questionnaire = questionnaire_of({"calm": "art"})
    replies = answer(questionnaire, 100, 1, gaps=0.2)
    found = calibrate(questionnaire, replies)
    places = np.full(replies.digits.shape, np.nan)
    for number, item in enumerate(questionnaire.items.values()):
        for digit, choice in enumerate(item.choices, 1):
            places[replies.digits[:, number] == digit, number] = choice.y
    whole = places[~np.isnan(places).any(axis=1)]
    covariances = np.cov(whole.T)
    trait = found.traits[0]
    assert trait.alpha == pytest.approx(1.5 * (1 - np.trace(covariances) / covariances.sum()))
    true = 9 * trait.sd.after**2
    assert trait.omega == pytest.approx(true / (true + sum(fit.noise.after**2 for fit in found.items)))
    for number, fit in enumerate(found.items):
        rest = np.delete(places, number, axis=1)
        some = ~np.isnan(places[:, number]) & ~np.isnan(rest).all(axis=1)
        means = np.nanmean(rest[some], axis=1)
        assert fit.with_rest == pytest.approx(np.corrcoef(places[some, number], means)[0, 1])


def test_same_people_same_values() -> None:
    """Chance, or the order of the people, would be part of what is found."""
    questionnaire = questionnaire_of({"calm": "aart", "hurry": "aa"})
    replies = answer(questionnaire, 100, 1, TRUE_NOISE, gaps=0.2)
    first = calibrate(questionnaire, replies)
    assert calibrate(questionnaire, replies) == first
    turned = calibrate(questionnaire, Replies(replies.keys, replies.digits[::-1]))
    for fit, same in zip(first.items, turned.items, strict=True):
        assert same.noise == pytest.approx(fit.noise)
    # Nor does it matter in which order the file has the questions.
    other = calibrate(questionnaire, Replies(replies.keys[::-1], replies.digits[:, ::-1]))
    assert other == first


def test_calibrated_questionnaire() -> None:
    """A questionnaire would get some of the values that were found, or read its options by the old ones."""
    questionnaire = questionnaire_of({"calm": "aart", "hurry": "a"})
    found = calibrate(questionnaire, answer(questionnaire, 100, 1, TRUE_NOISE, TRUE_PRIOR, together=0.4))
    new = calibrated(questionnaire, found)
    assert new.together == found.together.after > 0
    for trait in found.traits:
        assert new.priors[trait.trait] == (trait.mean.after, trait.sd.after**2)
    for fit in found.items:
        item = new.items[fit.key]
        assert item.s2 == pytest.approx(fit.noise.after**2)
        assert item == read_by(questionnaire.items[fit.key], new.priors[item.trait], item.s2)
    # People in whom nothing is to be found anew leave it as it is.
    again = calibrate(new, answer(new, 2000, 2))
    assert all(abs(off(fit.noise, fit.noise.before)) < 3 for fit in again.items if fit.noise.se is not None)


# --- The same by brute force ----------------------------------------------------------------------

GRID = np.linspace(-9, 9, 721)


def likeliest(
    questionnaire: Questionnaire, digits: Array, hand: Array, doubt: Sequence[float]
) -> tuple[Array, Array]:
    """Return mean, logarithms of spread and noises where a penalized likelihood is highest, and their errors.

    By a general optimizer on the sum over a fine grid of the trait, and by numerical second differences.
    """
    items = list(questionnaire.items.values())

    def negative(values: Array) -> float:
        theta = values[0] + math.exp(values[1]) * GRID
        chances = np.tile(np.exp(-GRID * GRID / 2) / math.sqrt(2 * math.pi), (len(digits), 1))
        for number, item in enumerate(items):
            order = sorted(range(5), key=lambda option: item.choices[option].y)
            places = [item.choices[option].y for option in order]
            edges = [-math.inf, *((a + b) / 2 for a, b in pairwise(places)), math.inf]
            for option, (low, high) in zip(order, pairwise(edges), strict=True):
                sd = math.exp(values[number + 2])
                chosen = ndtr((high - theta) / sd) - ndtr((low - theta) / sd)
                chances[digits[:, number] == option + 1] *= chosen
        fits = np.log(chances.sum(axis=1) * (GRID[1] - GRID[0])).sum()
        return float(-fits + (((values - hand) / doubt) ** 2).sum() / 2)

    best = minimize(negative, hand, method="L-BFGS-B", options={"ftol": 1e-13}).x
    size, step = len(best), 1e-3
    curvature = np.zeros((size, size))
    for i in range(size):
        for j in range(i, size):
            one, other = np.eye(size)[i] * step, np.eye(size)[j] * step
            both = (
                negative(best + one + other)
                - negative(best + one - other)
                - negative(best - one + other)
                + negative(best - one - other)
            )
            curvature[i, j] = curvature[j, i] = both / (4 * step * step)
    return best, np.sqrt(np.diag(np.linalg.inv(curvature)))


@pytest.mark.long
def test_optimum_by_brute_force() -> None:
    """The EM algorithm would end before the highest likelihood, or its standard errors be made up.

    First each value by its own (a spread in its logarithm 0.8 wide) tells by how much all of a kind are off; from
    there each may be off by 0.25 more. A spread is told by its mean, not its mode.
    """
    questionnaire = questionnaire_of({"calm": "ar"})
    replies = answer(questionnaire, 40, 9, {"agree": 0.8, "reversed": 1.7}, (2.0, 1.0), gaps=0.05)
    hand = np.array([2.5, math.log(1.4), math.log(1.25), math.log(1.25)])
    first, errors = likeliest(questionnaire, replies.digits, hand, [1, 0.8, 0.8, 0.8])
    shifted = hand.copy()
    shifted[1:] = first[1:] + errors[1:] ** 2
    best, errors = likeliest(questionnaire, replies.digits, shifted, [1, 0.25, 0.25, 0.25])
    expected = [best[0], *np.exp(best[1:] + errors[1:] ** 2)]
    found = calibrate(questionnaire, replies)
    values = [found.traits[0].mean, found.traits[0].sd, *(fit.noise for fit in found.items)]
    # The steps end where one is below a thousandth of what may be off.
    assert [value.after for value in values] == pytest.approx(expected, abs=0.02)
    ses = [errors[0], *(errors[1:] * expected[1:])]
    assert [value.se for value in values] == pytest.approx(ses, rel=0.03)
