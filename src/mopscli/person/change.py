"""What differs between two sets of answers, and by more than noise or not; and how saved ones moved over time."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from mopscli.assessment.answers import saved_answers
from mopscli.assessment.formulas import Z_90, Belief
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.standing import believe_all
from mopscli.assessment.verdict import Assessment, Verdict, assess
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.person.person import Person

if TYPE_CHECKING:
    from mopscli.person.store import Goal, Saved

# So small a part of the prior's precision is rounding, and no answer.
ROUNDING: Final = 1e-9


class ScoreShift(NamedTuple):
    """The score of a role in both, from 0 to 100; a part that the role does not have is None."""

    role: str
    fit: tuple[float, float]
    readiness: tuple[float | None, float | None]
    enjoyment: tuple[float | None, float | None]


class TraitShift(NamedTuple):
    """What both say of a trait, in levels, and whether they differ by more than the noise of the answers allows.

    `noticeable` is None where one of the two has no answer about the trait. `lead` is how much the trait moves the
    first role's lead over the second, in points.
    """

    trait: str
    level: tuple[float, float]
    noticeable: bool | None
    lead: float


class Changes(NamedTuple):
    """Two assessments of the same roles, and the traits about which the answers differ, widest first."""

    one: Assessment
    other: Assessment
    scores: tuple[ScoreShift, ...]
    traits: tuple[TraitShift, ...]


class SavedResult(NamedTuple):
    """A saved assessment, and what it comes to with the knowledge in use; `same` tells if that is unchanged.

    `about` is the name of another person that it is about, empty for oneself. `verdict`, `fits` and `readiness` are
    None where the knowledge has not all of its roles.
    """

    id: int
    about: str
    started: str
    finished: str | None
    roles: tuple[str, ...]
    answered: int
    knowledge: str
    same: bool
    verdict: Verdict | None
    fits: Mapping[str, float] | None
    readiness: Mapping[str, float | None] | None


class Moved(NamedTuple):
    """A trait that moved by more than the noise of the answers allows, between two levels from 0 to 5."""

    trait: str
    before: float
    now: float


class GoalState(NamedTuple):
    """A goal of a plan, and where one is now: `level` is None without an answer about the skill."""

    role: str
    skill: str
    goal: int
    made: str
    level: int | None
    reached: bool


class History(NamedTuple):
    """The saved assessments, newest first; what moved is between the newest about oneself and number `since`."""

    assessments: tuple[SavedResult, ...]
    since: int | None
    moved: tuple[Moved, ...]
    goals: tuple[GoalState, ...]


def changes_between(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    one: Mapping[str, float],
    other: Mapping[str, float],
) -> Changes:
    """Return how two sets of answers differ.

    Args:
        questionnaire: the questions.
        roles: the roles to score, two or more; the lead is that of the first over the second.
        one: the values of the answers, by question key.
        other: the same of the other set.

    """
    first, second = (assess(questionnaire, roles, answers) for answers in (one, other))
    beliefs = believe_all(questionnaire, one), believe_all(questionnaire, other)
    leads = [{part.trait: part.delta for part in found.contributions} for found in (first, second)]
    shifts = (
        TraitShift(
            trait=trait,
            level=(beliefs[0][trait].m, beliefs[1][trait].m),
            noticeable=differs(prior, beliefs[0][trait], beliefs[1][trait]),
            lead=leads[1].get(trait, 0.0) - leads[0].get(trait, 0.0),
        )
        for trait, prior in questionnaire.priors.items()
        if beliefs[0][trait] != beliefs[1][trait]
    )
    return Changes(
        one=first,
        other=second,
        scores=tuple(
            ScoreShift(
                before.key,
                (before.fit, after.fit),
                (before.readiness, after.readiness),
                (before.enjoyment, after.enjoyment),
            )
            for before, after in zip(first.roles, second.roles, strict=True)
        ),
        traits=tuple(sorted(shifts, key=lambda shift: (-abs(shift.level[1] - shift.level[0]), shift.trait))),
    )


def differs(prior: tuple[float, float], one: Belief, other: Belief) -> bool | None:
    """Tell whether the answers behind two beliefs differ by more than their noise allows in 9 of 10 cases.

    The reliable change of Jacobson and Truax 1991, on what the answers alone say: the prior is taken out. None if
    one of the two rests on no answer.
    """
    first, second = _without_prior(prior, one), _without_prior(prior, other)
    if first is None or second is None:
        return None
    return bool(abs(first.m - second.m) > Z_90 * math.sqrt(first.v + second.v))


def _without_prior(prior: tuple[float, float], belief: Belief) -> Belief | None:
    """Return the mean of the answers behind a belief, weighted by their precision, and its variance."""
    mu, tau2 = prior
    precision = 1 / belief.v - 1 / tau2
    if precision * tau2 < ROUNDING:
        return None
    return Belief((belief.m / belief.v - mu / tau2) / precision, 1 / precision)


def list_saved(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    digest: str,
    saved: "Sequence[Saved]",
    goals: "Sequence[Goal]" = (),
) -> History:
    """Compute saved assessments again with the knowledge in use; tell what moved and which goals are reached."""
    results = tuple(_computed_again(knowledge, questionnaire, digest, some) for some in saved)
    own = [
        (some.id, answers)
        for some in saved
        if not some.about and (answers := _answers_in(questionnaire, some))
    ]
    now = Person(questionnaire, own[0][1] if own else {})
    return History(
        assessments=results,
        since=own[1][0] if len(own) > 1 else None,
        moved=_moved(questionnaire, own[1][1], own[0][1]) if len(own) > 1 else (),
        goals=tuple(_state(now, goal) for goal in goals if goal.skill in now.beliefs),
    )


def _answers_in(questionnaire: Questionnaire, saved: "Saved") -> dict[str, float]:
    return saved_answers(questionnaire, saved.answers)[0]


def _computed_again(
    knowledge: Knowledge, questionnaire: Questionnaire, digest: str, saved: "Saved"
) -> SavedResult:
    answers, skipped = saved_answers(questionnaire, saved.answers)
    known = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
    outcome = assess(questionnaire, known, answers, skipped) if 1 < len(known) == len(saved.roles) else None
    return SavedResult(
        saved.id,
        saved.about,
        saved.started,
        saved.finished,
        saved.roles,
        sum(key in questionnaire.items for key in answers),
        saved.knowledge,
        saved.knowledge == digest,
        outcome.verdict if outcome else None,
        {fit.key: fit.fit for fit in outcome.roles} if outcome else None,
        {fit.key: fit.readiness for fit in outcome.roles} if outcome else None,
    )


def _moved(
    questionnaire: Questionnaire, before: Mapping[str, float], now: Mapping[str, float]
) -> tuple[Moved, ...]:
    """Return the traits that moved by more than noise, the widest first."""
    old, new = believe_all(questionnaire, before), believe_all(questionnaire, now)
    moved = [
        Moved(trait, old[trait].m, new[trait].m)
        for trait, prior in questionnaire.priors.items()
        if differs(prior, old[trait], new[trait])
    ]
    return tuple(sorted(moved, key=lambda one: (-abs(one.now - one.before), one.trait)))


def _state(person: Person, goal: "Goal") -> GoalState:
    level = person.level(goal.skill) if person.is_known(goal.skill) else None
    return GoalState(
        goal.role, goal.skill, goal.level, goal.made, level, level is not None and level >= goal.level
    )
