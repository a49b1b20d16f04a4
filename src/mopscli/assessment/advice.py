"""What somebody wants and what they can do today, judged apart, and which advice follows from both."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from operator import itemgetter
from typing import Final, NamedTuple

from mopscli.assessment.formulas import FLOATS, Belief, better, flip_risk
from mopscli.assessment.questionnaire import Item, Questionnaire
from mopscli.assessment.remarks import are_doubtful, find_remarks
from mopscli.assessment.scoring import AT_LEAST, NO_TERM, READINESS, Certainty, Term, terms_of, word_for
from mopscli.assessment.standing import (
    State,
    believe_all,
    doubt_about,
    gain_from,
    movable,
    pairs_of,
    points_lost,
    take_stock,
    total_variance,
    variances_left,
)
from mopscli.knowledge.entries import WEIGHTS, Gate, Role

# The readiness, from 0 to 100, from which on one is ready, and the one below which a role is far off.
READY: Final = 80.0
HALF: Final = 50.0
# With a chance of so much one is ready, and from so little on nearly.
LIKELY: Final = 0.5
NEARLY: Final = 0.05
# So many of the heaviest skills of a role must be known before anything is said of being ready for it.
HEAVIEST: Final = 3
# Fewer answers about what one wants tell nothing of it.
LEAST_WISHES: Final = 5
# Wishes that lie within so many levels are all alike.
FLAT: Final = 1.0
# That is told from so much of the drives that roles give.
MOST_WISHES: Final = 0.7
# A deciding skill that is surely so many levels short keeps one from being ready.
FAR_SHORT: Final = 1.0
# The risk below which further answers would hardly change anything.
SETTLED: Final = 0.05


class AdviceState(StrEnum):
    """What kind of advice is given."""

    APPLY = "apply"
    GROW = "grow"
    FAR = "far"
    EITHER = "either"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Wish(NamedTuple):
    """Which of some roles is wanted most, by what one likes alone; `probability` is that over its closest rival.

    Each role is judged by how much more one would like it than somebody who answered nothing, so that none is ahead
    before the first answer. `risk` is the chance that further answers change the role.
    """

    role: str
    rival: str
    probability: float
    risk: float
    answers: int
    is_doubtful: bool = False
    is_flat: bool = False

    @property
    def word(self) -> Certainty:
        """How sure it is; nothing is clear by doubtful answers, and nothing decided by wishes all alike."""
        if self.is_flat:
            return Certainty.UNDECIDED
        return Certainty(word_for(FLOATS, self.probability, doubtful=self.is_doubtful))

    @property
    def is_known(self) -> bool:
        """Tell whether enough was answered: a role is preferred, or no further answer would show one."""
        if self.answers < LEAST_WISHES:
            return False
        return self.word is not Certainty.UNDECIDED or self.risk < SETTLED or self.is_flat


class Readiness(NamedTuple):
    """How ready one is for a role, from 0 to 100, with its standard error."""

    value: float
    se: float

    def chance(self, wanted: float) -> float:
        """Return the probability that the true readiness is at least so much."""
        return float(better(FLOATS, self.value - wanted, self.se * self.se))


class Ability(NamedTuple):
    """How ready one is for a role today, from 0 to 100, with the chance of being ready.

    `unmet` are must-haves that the answers deny, `open` those that they do not tell of, and `unasked` those of the
    heaviest skills that were not asked about. `short` are skills that decide and are surely far below.
    """

    role: str
    readiness: float
    chance: float
    unmet: tuple[Gate, ...]
    open: tuple[Gate, ...]
    unasked: tuple[str, ...]
    short: tuple[str, ...]
    answers: int

    @property
    def is_known(self) -> bool:
        """Tell whether the heaviest skills were answered, so that readiness rests on something."""
        return not self.unasked

    @property
    def is_ready(self) -> bool:
        """Tell whether one is more likely ready than not, and nothing that decides is known to be missing."""
        return self.is_known and self.chance >= LIKELY and not self.unmet and not self.short

    @property
    def opens(self) -> Gate | None:
        """The must-have that alone keeps one from being ready, if there is one."""
        able = self.is_known and self.chance >= LIKELY and not self.short
        return self.unmet[0] if able and len(self.unmet) == 1 else None

    @property
    def is_far(self) -> bool:
        """Tell whether half of what is asked is missing, or several must-haves."""
        return self.readiness < HALF or len(self.unmet) > 1

    @property
    def is_nearly_ready(self) -> bool:
        """Tell whether one may be ready."""
        return self.is_known and not self.is_ready and self.chance >= NEARLY and not self.unmet


class MustHave(NamedTuple):
    """A must-have of the wanted role: whether the answers show that it is met, None if they do not tell."""

    text: str
    source: str
    met: bool | None
    way: str | None


class Reason(NamedTuple):
    """A trait that speaks about a role, and the points of what one would like, or could do, that it makes.

    `much` tells whether one has, or wants, much of it.
    """

    trait: str
    much: bool
    points: float


class Reasons(NamedTuple):
    """What speaks about a role that is wanted, the strongest first.

    `likes`: what one likes that it gives, or dislikes that it spares one. `dislikes`: what one dislikes that it
    demands, or likes that it lacks. `brings`: skills at its level. `lacks`: skills below it.
    """

    likes: tuple[Reason, ...] = ()
    dislikes: tuple[Reason, ...] = ()
    brings: tuple[Reason, ...] = ()
    lacks: tuple[Reason, ...] = ()


class Advice(NamedTuple):
    """What a mentor would say of somebody's answers; roles are keys.

    Attributes:
        state: what kind of advice it is.
        compared: the roles that were compared.
        leading: the two of them that are wanted most.
        wants: the role that is wanted; None where that is not known, or two are wanted alike.
        wants_probability: the chance that it is wanted more than its closest rival, None without one.
        certainty: how sure it is, in a word.
        ready_for: the roles that one is more likely ready for than not.
        nearly_ready_for: those that one may be ready for.
        fits_today: the role that fits best among those one is ready for.
        next: the next step: toward what is wanted, or after it for whoever has it.
        after: the role after what is wanted, for whoever is ready for that.
        route: the roles from where one is to what is wanted.
        step: whether what is wanted is a step `up`, `sideways` or `back` from the present role.
        over_present: the chance that what is wanted suits better than the present role, where that is another one.
        begin_with: the way, of the knowledge's `ways`, to the first must-have that is missing for the next step.
        work_on: the skill that counts most of those one lacks for the next step.
        to_level: the next level of it, from 1 to 5.
        readiness: how ready one is for what is wanted, from 0 to 100; None where nothing was asked about it.
        chance: the probability of being ready for it.
        must_haves: those of the wanted role.
        opens: the one must-have that alone keeps one from being ready for it, if there is one.
        reasons: what speaks about the wanted role.
        unknown: traits of the wanted role that were not asked about, the heaviest first.
        sentences: the advice in words.

    """

    state: AdviceState
    compared: tuple[str, ...]
    leading: tuple[str, str] = ("", "")
    wants: str | None = None
    rival: str | None = None
    wants_probability: float | None = None
    certainty: Certainty | None = None
    ready_for: tuple[str, ...] = ()
    nearly_ready_for: tuple[str, ...] = ()
    fits_today: str | None = None
    next: str | None = None
    after: str | None = None
    route: tuple[str, ...] = ()
    step: str | None = None
    present: str | None = None
    over_present: float | None = None
    begin_with: str | None = None
    work_on: str | None = None
    to_level: int | None = None
    readiness: float | None = None
    chance: float | None = None
    must_haves: tuple[MustHave, ...] = ()
    opens: str | None = None
    reasons: Reasons = Reasons()
    unknown: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What an advice follows from; `ability` is for the role that is wanted, `elsewhere` one wanted still more."""

    wish: Wish
    ability: Ability
    elsewhere: str | None


# Which advice is given: the first whose condition holds.
RULES: Final[Sequence[tuple[AdviceState, Callable[[Facts], bool]]]] = (
    # Nothing rests on a prior: too little is known of what is wanted.
    (AdviceState.UNKNOWN, lambda facts: not facts.wish.is_known),
    # One likes all alike, much or little, so that no role is liked more.
    (AdviceState.EITHER, lambda facts: facts.wish.is_flat),
    # Another role than those compared is clearly wanted more than each of them.
    (AdviceState.ELSEWHERE, lambda facts: facts.elsewhere is not None),
    # What is wanted is too close to call.
    (AdviceState.EITHER, lambda facts: facts.wish.word is Certainty.UNDECIDED),
    # Too little is known of what one can do.
    (AdviceState.UNKNOWN, lambda facts: not facts.ability.is_known),
    # One wants a role and is ready for it.
    (AdviceState.APPLY, lambda facts: facts.ability.is_ready),
    # Readiness is below half of what is asked, or several must-haves are missing.
    (AdviceState.FAR, lambda facts: facts.ability.is_far),
    # One wants it and is not ready yet.
    (AdviceState.GROW, lambda facts: True),
)


def advise_by(facts: Facts) -> AdviceState:
    """Return which advice follows from what is known."""
    return next(state for state, holds in RULES if holds(facts))


class Judge:
    """Judges what somebody wants and can do, from their answers.

    Args:
        questionnaire: the questions.
        answers: the value of the chosen answer, by question key.
        skipped: questions that one could not answer.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, float],
        skipped: Collection[str] = (),
        ready: float = READY,
    ) -> None:
        self.questionnaire = questionnaire
        self.answers = answers
        self.skipped = skipped
        self.ready = ready
        self._wishes = _by_wishes(questionnaire)
        self._stocks: dict[tuple[str, ...], State] = {}

    @cached_property
    def beliefs(self) -> Mapping[str, Belief]:
        """What the answers say of each trait."""
        return believe_all(self.questionnaire, self.answers)

    def before(self, trait: str) -> Belief:
        """Return what is believed of a trait before anything is answered."""
        return Belief(*self.questionnaire.priors[trait])

    @cached_property
    def remaining(self) -> tuple[Item, ...]:
        """The questions that could still be asked."""
        items = self.questionnaire.items.items()
        return tuple(item for key, item in items if key not in self.answers and key not in self.skipped)

    @cached_property
    def left(self) -> Mapping[str, float]:
        """The variance of each belief if all remaining questions were answered."""
        return variances_left(self.beliefs, self.remaining)

    def stock_of_wishes(self, roles: Sequence[Role]) -> State:
        """Return how roles compare by what is liked alone, none ahead before the first answer."""
        keys = tuple(role.key for role in roles)
        if keys not in self._stocks:
            self._stocks[keys] = take_stock(self._wishes, roles, self.answers, self.skipped, anchored=True)
        return self._stocks[keys]

    def liking(self, role: Role) -> float:
        """Return how much more one would like a role than somebody who answered nothing, from -100 to 100."""
        terms = terms_of(role, 0.0)
        return sum(
            points_lost(term, self.before(trait)) - points_lost(term, self.beliefs[trait])
            for trait, term in terms.items()
            if trait in role.offers
        )

    def wish(self, roles: Sequence[Role]) -> Wish:
        """Return which of some roles is wanted most."""
        state = self.stock_of_wishes(roles)
        offered = {trait for role in roles for trait in role.offers}
        answers = sum(
            key in self.answers for key, item in self.questionnaire.items.items() if item.trait in offered
        )
        probability = better(FLOATS, state.duel.delta, state.duel.variance)
        doubtful = are_doubtful(find_remarks(self.questionnaire, self.answers))
        return Wish(
            state.best, state.rival, probability, state.risk, answers, doubtful, self._is_flat(offered)
        )

    def _is_flat(self, drives: Collection[str]) -> bool:
        """Tell whether somebody wants much, or little, of all that was asked about, and as much of each."""
        known = [self.beliefs[trait].m - self.before(trait).m for trait in drives if self.is_known(trait)]
        enough = len(known) >= max(LEAST_WISHES, MOST_WISHES * len(drives))
        return enough and max(known) - min(known) < FLAT and (min(known) > 0) == (max(known) > 0)

    def ability(self, role: Role) -> Ability:
        """Return how ready one is for a role today."""
        readiness = find_readiness(self.questionnaire, self.beliefs, role)
        met = [(gate, gate_met(gate, self.answers)) for gate in role.gates]
        return Ability(
            role=role.key,
            readiness=readiness.value,
            chance=readiness.chance(self.ready),
            unmet=tuple(gate for gate, is_met in met if is_met is False),
            open=tuple(gate for gate, is_met in met if is_met is None),
            unasked=tuple(skill for skill in heaviest(role) if not self.is_known(skill)),
            short=tuple(filter(partial(self._is_far_short, role), role.requires)),
            answers=sum(
                key in self.answers
                for key, item in self.questionnaire.items.items()
                if item.trait in role.requires
            ),
        )

    def _is_far_short(self, role: Role, skill: str) -> bool:
        """Tell whether a skill that decides a role is surely more than a level short of it."""
        demand, belief = role.requires[skill], self.beliefs[skill]
        decides = demand.weight >= WEIGHTS["decides"] and self.is_known(skill)
        return decides and belief.m + math.sqrt(belief.v) < demand.level - FAR_SHORT

    def risk_about(self, role: Role) -> float:
        """Return the chance that further answers change whether one is ready for a role."""
        terms, sds = readiness_terms(role), self.questionnaire.prior_sds
        moves = (
            movable(term, NO_TERM, self.beliefs[trait], self.left[trait], sds[trait])
            for trait, term in terms.items()
            if self.left[trait] < self.beliefs[trait].v
        )
        lead = self.ability(role).readiness - self.ready
        return float(flip_risk(FLOATS, lead, total_variance(moves, self.questionnaire.together)))

    def is_known(self, trait: str) -> bool:
        """Tell whether a question about a trait was answered."""
        return any(item.key in self.answers for item in self.questionnaire.items_of[trait])

    def wanted_more(self, roles: Sequence[Role], others: Sequence[Role]) -> list[Role]:
        """Return the roles of others that are clearly wanted more than each of some, the most wanted first."""
        most = max(self.liking(role) for role in roles)
        leads = {other.key: self.liking(other) - most for other in others if other.offers}
        found = [
            other
            for other in others
            if leads.get(other.key, 0.0) > 0 and all(self._is_clear(other, role) for role in roles)
        ]
        return sorted(found, key=lambda other: -leads[other.key])

    def _is_clear(self, one: Role, other: Role) -> bool:
        """Tell whether a role is clearly wanted more than another."""
        pairs = pairs_of(terms_of(one, 0.0), terms_of(other, 0.0))
        sds = self.questionnaire.prior_sds
        doubts = (
            doubt_about(*pair, self.beliefs[trait], sds[trait])
            for trait, pair in pairs.items()
            if trait in one.offers or trait in other.offers
        )
        variance = total_variance(doubts, self.questionnaire.together)
        chance = better(FLOATS, self.liking(one) - self.liking(other), variance)
        return bool(chance >= AT_LEAST[Certainty.CLEAR])

    def pairs_of_wishes(self, roles: Sequence[Role]) -> dict[str, tuple[Term, Term]]:
        """Return what each drive counts in the two of some roles that are wanted most."""
        offered = {trait for role in roles for trait in role.offers}
        leading = self.stock_of_wishes(roles).leading
        return {trait: pair for trait, pair in leading.items() if trait in offered}

    def next_about_wishes(self, roles: Sequence[Role]) -> Item | None:
        """Return the question that tells most about which of some roles is wanted."""
        return self._most_telling(self.pairs_of_wishes(roles))

    def next_about_ability(self, role: Role) -> Item | None:
        """Return the question that tells most about being ready for a role, its heaviest skills first."""
        terms = readiness_terms(role)
        first = [skill for skill in heaviest(role) if not self.is_known(skill)]
        some = {skill: terms[skill] for skill in first} or terms
        found = self._most_telling({trait: (term, NO_TERM) for trait, term in some.items()})
        if found is None and first:
            # What was skipped stays unknown; the rest can still tell.
            found = self._most_telling({trait: (term, NO_TERM) for trait, term in terms.items()})
        return found

    def _most_telling(self, pairs: Mapping[str, tuple[Term, Term]]) -> Item | None:
        gains = self.gains(pairs)
        return max(gains, key=itemgetter(1))[0] if gains else None

    def gains(self, pairs: Mapping[str, tuple[Term, Term]]) -> list[tuple[Item, float]]:
        """Return the remaining questions about some traits, and what each is expected to move a lead by."""
        sds = self.questionnaire.prior_sds
        return [
            (item, gain_from(item, pairs[item.trait], self.beliefs[item.trait], sds[item.trait]))
            for item in self.remaining
            if item.trait in pairs
        ]


def have_both(roles: Sequence[Role]) -> bool:
    """Tell whether roles both give something that one may want and ask for something that one can do.

    Only then the two are judged apart; else there is one fit.
    """
    return all(role.offers and role.requires for role in roles)


@lru_cache(maxsize=16)
def _by_wishes(questionnaire: Questionnaire) -> Questionnaire:
    """Return a questionnaire by which a fit is enjoyment alone."""
    return replace(questionnaire, readiness_share=0.0)


@lru_cache(maxsize=256)
def readiness_terms(role: Role) -> Mapping[str, Term]:
    """Return what each skill counts in a role, with readiness as the whole fit."""
    terms = terms_of(role, 1.0)
    return {trait: term._replace(share=1.0) for trait, term in terms.items() if term.part == READINESS}


def find_readiness(questionnaire: Questionnaire, beliefs: Mapping[str, Belief], role: Role) -> Readiness:
    """Return how ready one is for a role by what is believed; 100 for a role that asks for no skill."""
    terms, sds = readiness_terms(role), questionnaire.prior_sds
    lost = sum(points_lost(term, beliefs[trait]) for trait, term in terms.items())
    doubts = (doubt_about(term, NO_TERM, beliefs[trait], sds[trait]) for trait, term in terms.items())
    return Readiness(100 - lost, math.sqrt(total_variance(doubts, questionnaire.together)))


@lru_cache(maxsize=256)
def heaviest(role: Role) -> tuple[str, ...]:
    """Return the skills that count most in a role, by the points of readiness that they can take."""
    terms = readiness_terms(role)
    ranked = sorted(terms, key=lambda trait: -terms[trait].points * terms[trait].level)
    return tuple(ranked[:HEAVIEST])


def gate_met(gate: Gate, answers: Mapping[str, float]) -> bool | None:
    """Tell whether the answers meet a must-have of a role; None if they do not tell."""
    if gate.asks is None or gate.at_least is None or gate.asks not in answers:
        return None
    return answers[gate.asks] >= gate.at_least
