"""How somebody's saved assessments moved over time: scores, skills, and the goals of plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mopscli.assessment.answers import saved_answers
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.verdict import Verdict, assess, believe_all
from mopscli.knowledge import Knowledge
from mopscli.person.change import differs
from mopscli.person.person import Person
from mopscli.person.store import Goal, Saved


@dataclass(frozen=True)
class SavedResult:
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


@dataclass(frozen=True)
class Moved:
    """A trait that moved by more than the noise of the answers allows, between two levels from 0 to 5."""

    trait: str
    before: float
    now: float


@dataclass(frozen=True)
class GoalState:
    """A goal of a plan, and where one is now: `level` is None without an answer about the skill."""

    role: str
    skill: str
    goal: int
    made: str
    level: int | None
    reached: bool


@dataclass(frozen=True)
class History:
    """The saved assessments, newest first; what moved is between the newest about oneself and number `since`."""

    assessments: tuple[SavedResult, ...]
    since: int | None
    moved: tuple[Moved, ...]
    goals: tuple[GoalState, ...]


def list_saved(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    digest: str,
    saved: Sequence[Saved],
    goals: Sequence[Goal] = (),
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


def _answers_in(questionnaire: Questionnaire, saved: Saved) -> dict[str, float]:
    return saved_answers(questionnaire, saved.answers)[0]


def _computed_again(
    knowledge: Knowledge, questionnaire: Questionnaire, digest: str, saved: Saved
) -> SavedResult:
    answers, skipped = saved_answers(questionnaire, saved.answers)
    known = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
    outcome = assess(questionnaire, known, answers, skipped) if len(known) == len(saved.roles) else None
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


def _state(person: Person, goal: Goal) -> GoalState:
    level = person.level(goal.skill) if person.is_known(goal.skill) else None
    return GoalState(
        goal.role, goal.skill, goal.level, goal.made, level, level is not None and level >= goal.level
    )
