"""The noise of questions and the spread of traits, found from what many people answered; needs numpy.

A trait is normal, an answer is the trait with normal noise, and an option stands for all that is nearest to it: a
graded normal-ogive model with known thresholds and slopes (Samejima 1969). It is fitted by maximum marginal
likelihood, with the EM algorithm over quadrature points (Bock and Aitkin 1981), and a penalty that draws toward
what is set by hand (maximum a posteriori; Mislevy 1986). Who did not answer a question tells nothing about it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from mopscli.assessment.questionnaire import Item, Questionnaire, read_by
from mopscli.knowledge.norms import LEAST_PEOPLE

Array = np.ndarray[Any, np.dtype[Any]]

# Where the trait is looked at, in levels; what lies beyond has next to no weight.
POINTS: Final = np.arange(-5.0, 10.01, 0.25)
# How far what is set by hand may be off, as a standard deviation: of the logarithm of a noise or a spread, beyond
# what all of a kind are off by and in itself; of a mean in levels; of the correlation between traits. Judgments.
HAND_LOG: Final = 0.25
HAND_ALONE: Final = 0.8
HAND_MEAN: Final = 1.0
HAND_TOGETHER: Final = 0.5
# So many people tell by how much all of a kind are off.
FIRST: Final = 1000
MOST_STEPS: Final = 200
CLOSE_ENOUGH: Final = 1e-3
# So many people tell nearly all; all of them then make some steps more, and standard errors are scaled up.
SAMPLE: Final = 4000
STEPS_WITH_ALL: Final = 6
ROWS: Final = 20_000
NUDGE: Final = 1e-3
LEAST_LIKELY: Final = 1e-300
NARROWEST: Final = 0.05

# A question goes with its trait unless its correlation with the others is surely below this, and tells people apart
# if no option has more of them than that. Judgments.
GOES_WITH: Final = 0.2
ONE_FOR_ALL: Final = 0.9


class Fitted(NamedTuple):
    """A value as it was set, as it was found, and the standard error of that; None where it could not be found."""

    before: float
    after: float
    se: float | None


class ItemFit(NamedTuple):
    """What is found of a question.

    `noise` is a standard deviation in levels. `with_rest` is the correlation with the mean of the other questions
    about the trait, None where there are none, `commonest` the share of people who chose the commonest answer.
    `stands_apart` tells that it surely does not go with these others, `looks_reversed` that it goes against them.
    """

    key: str
    trait: str
    answered: int
    noise: Fitted
    with_rest: float | None
    commonest: float
    stands_apart: bool
    looks_reversed: bool

    @property
    def tells_nobody_apart(self) -> bool:
        """Whether nearly all gave one answer."""
        return self.commonest > ONE_FOR_ALL


class TraitFit(NamedTuple):
    """What is found of a trait: mean and standard deviation in levels, and how reliable its questions are together.

    Alpha is that of Cronbach (1951), omega the total one of McDonald (1999) for questions that measure alike.
    """

    trait: str
    questions: int
    answered: int
    mean: Fitted
    sd: Fitted
    alpha: float | None
    omega: float | None


class Calibration(NamedTuple):
    """What many people's answers say of a questionnaire; `together` is the mean correlation between two traits."""

    people: int
    items: tuple[ItemFit, ...]
    traits: tuple[TraitFit, ...]
    together: Fitted


class Replies(NamedTuple):
    """Everybody's answers: a row a person, a column a question; the option from 1 on, 0 where there is none."""

    keys: tuple[str, ...]
    digits: Array

    def of(self, items: Sequence[Item]) -> Array:
        """Return the columns of some questions, with the options counted from the lowest place on the scale."""
        columns = []
        for item in items:
            if item.key not in self.keys:
                columns.append(np.zeros(len(self.digits), np.int8))
                continue
            order = sorted(range(len(item.choices)), key=lambda number: item.choices[number].y)
            ranks = np.zeros(len(item.choices) + 1, np.int8)
            ranks[[number + 1 for number in order]] = range(1, len(order) + 1)
            columns.append(ranks[self.digits[:, self.keys.index(item.key)]])
        return np.stack(columns, axis=1) if columns else np.zeros((len(self.digits), 0), np.int8)

    def split(self, share: float) -> "tuple[Replies, Replies]":
        """Return a share of the people, picked by a chance that is always the same, and the others."""
        order = np.random.default_rng(0).permutation(len(self.digits))
        first = order < round(share * len(order))
        return Replies(self.keys, self.digits[first]), Replies(self.keys, self.digits[~first])


def calibrate(questionnaire: Questionnaire, replies: Replies) -> Calibration:
    """Return what many people's answers say of a questionnaire.

    Raises:
        ValueError: fewer than LEAST_PEOPLE answered anything.

    """
    known = [item for item in questionnaire.items.values() if item.key in replies.keys]
    people = int((replies.of(known) > 0).any(axis=1).sum())
    if people < LEAST_PEOPLE:
        raise ValueError(f"{LEAST_PEOPLE} people or more are needed, and there are {people}")
    models = {
        trait: _Trait(questionnaire.priors[trait], some, replies.of(some))
        for trait, some in questionnaire.items_of.items()
    }
    shifts = _shifts_by_kind(list(models.values()))
    items: dict[str, ItemFit] = {}
    traits, deviations, reliabilities = [], [], []
    for trait, model in models.items():
        some = model.items
        model.fit([shifts.get(kind, 0.0) for kind in model.kinds], HAND_LOG)
        means, left = model.believed()
        answered = model.answered
        deviations.append(_standardized(means, answered))
        reliabilities.append(np.where(answered, np.sqrt(np.maximum(1 - left / model.sd**2, 0.0)), 0.0))
        places = places_of(some, model.digits)
        items |= {item.key: _item_fit(model, places, number) for number, item in enumerate(some)}
        traits.append(_trait_fit(model, trait, places))
    return Calibration(
        people,
        tuple(items[key] for key in questionnaire.items),
        tuple(traits),
        _correlation(questionnaire.together, np.array(deviations), np.array(reliabilities)),
    )


def _shifts_by_kind(models: "Sequence[_Trait]") -> dict[str, float]:
    """Return by how much what is set by hand is off for all of a kind, as a logarithm.

    What is set for a kind of question, or of trait, tends to be off for all of them alike, and few people tell that
    much better than how single ones differ. It is found from some of the people, each value by its own.
    """
    sums: dict[str, list[float]] = {}
    for model in models:
        small = _Trait(model.prior, model.items, model.digits[:FIRST])
        small.fit([0.0] * len(small.kinds), HAND_ALONE)
        for kind, off, error in zip(small.kinds, small.values - small.before, small.errors, strict=True):
            if kind and not math.isnan(error):
                sums.setdefault(kind, []).append(off)
    return {kind: sum(offs) / len(offs) for kind, offs in sums.items()}


# --- One trait ------------------------------------------------------------------------------------


class _Trait:
    """The model of one trait: its mean and standard deviation, and the noise of each of its questions."""

    def __init__(self, prior: tuple[float, float], items: Sequence[Item], digits: Array) -> None:
        self.prior = prior
        self.items = items
        self.digits = digits
        # What may be off for all of a kind alike: the spread of skills and of drives, the noise of questions.
        traits = "skill" if any(item.kind == "skill" for item in items) else "drive"
        self.kinds = ("", f"{traits}s", *(item.kind for item in items))
        self.edges = [_edges(item) for item in items]
        # One question alone cannot tell its noise from the spread of its trait.
        self.noise_shows = (((digits > 0).sum(axis=0) >= LEAST_PEOPLE).sum() if len(items) else 0) > 1
        start = [prior[0], math.log(prior[1]) / 2] + [math.log(item.s2) / 2 for item in items]
        self.before = np.array(start)
        self.hand = self.before
        self.doubt = np.ones(len(start))
        self.values = self.before.copy()
        self.errors = np.full(len(start), np.nan)
        self._patterns, self._back, self._counts = _patterns(digits)

    @property
    def mean(self) -> float:
        return float(self.values[0])

    @property
    def sd(self) -> float:
        return float(math.exp(self.values[1]))

    @property
    def noises(self) -> list[float]:
        return [math.exp(value) for value in self.values[2:]]

    @property
    def answered(self) -> Array:
        """Who answered anything about the trait."""
        return np.asarray((self.digits > 0).any(axis=1))

    @property
    def free(self) -> Array:
        """Which values are found from the answers: those that anybody answered about."""
        asked = np.asarray((self.digits > 0).sum(axis=0) >= LEAST_PEOPLE)
        return np.concatenate([[self.answered.sum() >= LEAST_PEOPLE] * 2, asked & self.noise_shows])

    def fit(self, shifts: Sequence[float], doubt: float) -> None:
        """Find the values, and their standard errors.

        Args:
            shifts: by how much what is set by hand is off for all of a kind.
            doubt: how far each may be off besides.

        """
        self.doubt = np.array([HAND_MEAN] + [doubt] * (len(self.before) - 1))
        self.hand = self.before + np.where(self.free, shifts, 0.0)
        self.values = self.hand.copy()
        if not self.free.any():
            return
        # Who answered nothing about the trait tells nothing of it.
        told = self._patterns.any(axis=1)
        some, counts = self._patterns[told], self._counts[told]
        if len(some) > SAMPLE:
            picked = np.random.default_rng(0).choice(len(some), SAMPLE, replace=False)
            some, counts = some[picked], counts[picked]
        for _ in range(MOST_STEPS):
            if self._step(some, counts) < CLOSE_ENOUGH:
                break
        if len(some) < told.sum():
            for _ in range(STEPS_WITH_ALL):
                self._step(self._patterns[told], self._counts[told])
        self._find_errors(some, counts, self._counts[told].sum() / counts.sum())

    def _step(self, patterns: Array, counts: Array) -> float:
        """Do one step of the EM algorithm; return the largest change, in standard deviations of what is set."""
        before = self.values.copy()
        expected = self._expect(patterns, counts)
        trait, options = expected
        people = trait.sum()
        weight = people / self.sd**2
        self.values[0] = (trait @ POINTS / self.sd**2 + self.hand[0] / self.doubt[0] ** 2) / (
            weight + self.doubt[0] ** -2
        )
        squares = float(trait @ (POINTS - self.values[0]) ** 2)

        def spread(log_sd: float) -> float:
            return float(-people * log_sd - squares / (2 * math.exp(2 * log_sd)))

        self.values[1] = _climb(spread, self.values[1], self.hand[1], self.doubt[1])
        for number, table in enumerate(options):
            if self.free[number + 2]:

                def likely(log_sd: float, table: Array = table, number: int = number) -> float:
                    return float((table * np.log(_chances(self.edges[number], math.exp(log_sd)))).sum())

                place = number + 2
                self.values[place] = _climb(likely, self.values[place], self.hand[place], self.doubt[place])
        return float(np.max(np.abs(self.values - before) / self.doubt))

    def _expect(self, patterns: Array, counts: Array) -> tuple[Array, list[Array]]:
        """Return how many people are expected at each point, and with each option of each question there."""
        trait = np.zeros(len(POINTS))
        options = [np.zeros((len(edges) - 1, len(POINTS))) for edges in self.edges]
        for start in range(0, len(patterns), ROWS):
            rows = patterns[start : start + ROWS]
            shares = self._shares(rows) * counts[start : start + ROWS, None]
            trait += shares.sum(axis=0)
            for number, table in enumerate(options):
                for option in range(len(table)):
                    table[option] += shares[rows[:, number] == option + 1].sum(axis=0)
        return trait, options

    def _shares(self, rows: Array) -> Array:
        """Return for each pattern of answers where the trait may be: shares of the points that add up to 1."""
        found = np.tile(-((POINTS - self.mean) ** 2) / (2 * self.sd**2), (len(rows), 1))
        for number, (edges, noise) in enumerate(zip(self.edges, self.noises, strict=True)):
            # The first row is for whoever did not answer.
            table = np.concatenate([np.zeros((1, len(POINTS))), np.log(_chances(edges, noise))])
            found += table[rows[:, number]]
        found -= found.max(axis=1, keepdims=True)
        np.exp(found, out=found)
        found /= found.sum(axis=1, keepdims=True)
        return found

    def _slopes(self, patterns: Array, counts: Array) -> Array:
        """Return how the penalized likelihood changes with each value, by Fisher's identity."""
        trait, options = self._expect(patterns, counts)
        off = POINTS - self.mean
        slopes = [trait @ off / self.sd**2, trait @ (off**2 / self.sd**2 - 1)]
        for edges, noise, table in zip(self.edges, self.noises, options, strict=True):
            up, down = (np.log(_chances(edges, noise * math.exp(step))) for step in (NUDGE, -NUDGE))
            slopes.append((table * (up - down)).sum() / (2 * NUDGE))
        return np.array(slopes)

    def _find_errors(self, patterns: Array, counts: Array, scale: float) -> None:
        """Find the standard errors, by the curvature of the penalized likelihood."""
        free = np.flatnonzero(self.free)
        found, values = np.zeros((len(free), len(free))), self.values.copy()
        for row, place in enumerate(free):
            sides = []
            for step in (NUDGE, -NUDGE):
                self.values = values.copy()
                self.values[place] += step
                sides.append(self._slopes(patterns, counts)[free])
            found[row] = (sides[1] - sides[0]) / (2 * NUDGE)
        self.values = values
        information = scale * (found + found.T) / 2 + np.diag(self.doubt[free] ** -2)
        self.errors[free] = np.sqrt(np.maximum(np.diag(np.linalg.inv(information)), 0.0))
        # Few people leave doubt about a variance, whose mean is above its likeliest value (log-normal).
        spread = free[free > 0]
        self.values[spread] += self.errors[spread] ** 2

    def believed(self) -> tuple[Array, Array]:
        """Return what is believed of everybody: means and variances."""
        means, variances = (np.zeros(len(self._patterns)) for _ in range(2))
        for start in range(0, len(self._patterns), ROWS):
            part = slice(start, start + ROWS)
            shares = self._shares(self._patterns[part])
            means[part] = shares @ POINTS
            variances[part] = shares @ POINTS**2 - means[part] ** 2
        return means[self._back], variances[self._back]


def _patterns(digits: Array) -> tuple[Array, Array, Array]:
    """Return the different ways to answer, which one each person chose, and how many chose each."""
    if not digits.shape[1]:
        return digits[:1], np.zeros(len(digits), int), np.array([len(digits)])
    found = np.unique(digits, axis=0, return_inverse=True, return_counts=True)
    return found[0], found[1].reshape(-1), found[2]


def _edges(item: Item) -> list[float]:
    """Return where the options of a question begin and end, in levels, from the lowest up."""
    places = sorted(choice.y for choice in item.choices)
    return [-math.inf, *((one + other) / 2 for one, other in pairwise(places)), math.inf]


def _chances(edges: Sequence[float], noise: float) -> Array:
    """Return the chance of each option at each point."""
    scale = noise * math.sqrt(2)
    below = [
        np.full(len(POINTS), 0.0 if edge < 0 else 1.0)
        if math.isinf(edge)
        else np.array([math.erfc((point - edge) / scale) / 2 for point in POINTS])
        for edge in edges
    ]
    return np.maximum(np.diff(np.array(below), axis=0), LEAST_LIKELY)


def _climb(likely: Callable[[float], float], start: float, hand: float, doubt: float) -> float:
    """Return a logarithm nearer to where a likelihood with its penalty is highest: one Newton step."""

    def penalized(x: float) -> float:
        return likely(x) - (x - hand) ** 2 / (2 * doubt**2)

    low, here, high = (penalized(start + step) for step in (-NUDGE, 0.0, NUDGE))
    slope, curve = (high - low) / (2 * NUDGE), (high - 2 * here + low) / NUDGE**2
    step = slope / -curve if curve < 0 else math.copysign(0.3, slope)
    found = start + max(-0.3, min(0.3, step))
    return max(found, math.log(NARROWEST))


# --- What is told of questions and traits ---------------------------------------------------------


def places_of(items: Sequence[Item], digits: Array) -> Array:
    """Return where answers lie on the scale, in levels; NaN where there is none."""
    columns = [
        np.array([math.nan, *sorted(choice.y for choice in item.choices)])[digits[:, number]]
        for number, item in enumerate(items)
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((len(digits), 0))


def _item_fit(model: _Trait, places: Array, number: int) -> ItemFit:
    item, column = model.items[number], model.digits[:, number]
    answered = int((column > 0).sum())
    rest = np.delete(places, number, axis=1)
    have = (column > 0) & ~np.isnan(rest).all(axis=1) if rest.shape[1] else np.zeros(len(column), bool)
    with_rest = _correlate(places[have, number], np.nanmean(rest[have], axis=1)) if have.sum() > 3 else None
    surely = 2 / math.sqrt(max(have.sum() - 3, 1))

    def below(limit: float) -> bool:
        """Tell whether the correlation is two standard errors below a limit, by Fisher's z."""
        return with_rest is not None and math.atanh(max(with_rest, -0.999)) < math.atanh(limit) - surely

    se = model.errors[number + 2] * model.noises[number]
    counts = np.bincount(column, minlength=2)[1:]
    return ItemFit(
        item.key,
        item.trait,
        answered,
        Fitted(math.sqrt(item.s2), model.noises[number], None if math.isnan(se) else float(se)),
        with_rest,
        float(counts.max() / answered) if answered else 0.0,
        below(GOES_WITH),
        below(0.0),
    )


def _correlate(one: Array, other: Array) -> float | None:
    """Return the correlation of two columns; None where one of them does not vary."""
    if not (np.ptp(one) and np.ptp(other)):
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _trait_fit(model: _Trait, trait: str, places: Array) -> TraitFit:
    whole = places[~np.isnan(places).any(axis=1)]
    count = places.shape[1]
    omega = None
    if count > 1 and model.noise_shows:
        common = (count * model.sd) ** 2
        omega = common / (common + sum(noise**2 for noise in model.noises))
    answered = int(model.answered.sum())
    mean_se, sd_se = model.errors[0], model.errors[1] * model.sd
    return TraitFit(
        trait,
        count,
        answered,
        Fitted(float(model.before[0]), model.mean, None if math.isnan(mean_se) else float(mean_se)),
        Fitted(math.exp(model.before[1]), model.sd, None if math.isnan(sd_se) else float(sd_se)),
        alpha(whole),
        omega,
    )


def alpha(places: Array) -> float | None:
    """Return Cronbach's alpha of some questions, a column each, with everybody's answers on one scale.

    None with fewer than two questions or people, or if everybody has the same sum (Cronbach 1951).
    """
    people, count = places.shape
    if count < 2 or people < 2 or not (spread := places.sum(axis=1).var(ddof=1)):
        return None
    return float(count / (count - 1) * (1 - places.var(axis=0, ddof=1).sum() / spread))


def _standardized(means: Array, answered: Array) -> Array:
    """Return what is believed of those who answered, in standard deviations from the mean; 0 for the others."""
    if answered.sum() < 2 or not (spread := means[answered].std(ddof=1)):
        return np.zeros(len(means))
    return np.where(answered, (means - means[answered].mean()) / spread, 0.0)


def _correlation(hand: float, deviations: Array, reliabilities: Array) -> Fitted:
    """Return the mean correlation between two traits, from what is believed of everybody, a row a trait.

    Two beliefs correlate as the traits do, less by the square roots of their reliabilities (Spearman 1904), so what
    is found over all pairs is divided by these. Like every value it is drawn toward what is set by hand.
    """

    def pairs(rows: Array) -> Array:
        found: Array = (rows.sum(axis=0) ** 2 - (rows**2).sum(axis=0)) / 2
        return found

    covered = pairs(reliabilities)
    whole = covered.sum()
    if whole <= 0:
        return Fitted(hand, hand, None)
    found = pairs(deviations)
    raw = found.sum() / whole
    error = math.sqrt(((found - raw * covered) ** 2).sum()) / whole
    weight = HAND_TOGETHER**2 / (HAND_TOGETHER**2 + error**2)
    return Fitted(hand, float(min(max(hand + weight * (raw - hand), 0.0), 0.95)), float(error))


def calibrated(questionnaire: Questionnaire, found: Calibration) -> Questionnaire:
    """Return a questionnaire with the values that were found."""
    priors = {fit.trait: (fit.mean.after, fit.sd.after**2) for fit in found.traits}
    items = {
        fit.key: read_by(questionnaire.items[fit.key], priors[fit.trait], fit.noise.after**2)
        for fit in found.items
    }
    return replace(questionnaire, items=items, priors=priors, together=found.together.after)
