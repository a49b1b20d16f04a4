"""The development plan: which skills one person raises for a role, to which level, and in which order."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, NamedTuple

from mopscli.assessment.advice import Judge, gate_met
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import WEIGHTS, Claim, Gate, Role
from mopscli.person.person import Person
from mopscli.roles.growth import (
    NO_TIME,
    READY,
    Gain,
    Span,
    at_once,
    find_gains,
    months_to,
    rise_of,
    side_by_side,
    time_of,
)

# The months of work are counted in quarters, unless all are whole.
QUARTERS: Final = 4
TINY: Final = 1e-9
# The chance of being ready that a plan aims at, and how far above what is wanted that is, in standard errors.
AIM: Final = 0.75
AIM_IN_SDS: Final = 0.6745
MOST_TRIES: Final = 8
SMALL: Final = 0.25
STRENGTHS: Final = 3


class PlanStep(NamedTuple):
    """One level of one skill: how to get there, what shows it, and the points of readiness that it brings.

    `months` are those of the step by itself, `done_by` those until this step and all before it are done.
    """

    skill: str
    from_: int
    to: int
    marker: str
    actions: tuple[Claim, ...]
    evidence: tuple[Claim, ...]
    months: Span
    gain: float
    done_by: Span


class MustHaveStep(NamedTuple):
    """A must-have that the answers deny (`met` is False) or do not tell of (None), and how one gets it."""

    text: str
    source: str
    met: bool | None
    actions: tuple[Claim, ...]
    evidence: tuple[Claim, ...]
    months: Span | None


class Strength(NamedTuple):
    """A skill at the level that a role asks for: the marker that was chosen, and what shows it."""

    skill: str
    level: int
    marker: str
    evidence: tuple[Claim, ...]


class Case(NamedTuple):
    """The case for applying: the strengths that count most, and the role after with what it asks for beyond."""

    strengths: tuple[Strength, ...]
    after: str | None
    gains: tuple[Gain, ...]


class Plan(NamedTuple):
    """The way to be ready for a role, from `ready_now` to `ready_then` (0 to 100).

    `chance_now` and `chance_then` are the probabilities that the readiness is at least `wanted`; a plan aims at
    AIM. `most` is the readiness with every skill that was asked about at the level that the role asks for; no plan
    leads further. `must_haves` come first. `unknown` are skills that no answer tells of: no step is about them.
    `case` is there for whoever is ready already, and has no steps.
    """

    role: str
    wanted: float
    within: float | None
    ready_now: float
    ready_then: float
    most: float
    chance_now: float
    chance_then: float
    months: Span
    at_once: int
    steps: tuple[PlanStep, ...]
    gates_ahead: tuple[Gate, ...]
    unknown: tuple[str, ...]
    must_haves: tuple[MustHaveStep, ...] = ()
    case: Case | None = None


class Raise(NamedTuple):
    """A skill raised to a level: the points of readiness that it brings, and the months of work."""

    skill: str
    to: int
    gain: float
    months: float


def make_plan(
    knowledge: Knowledge,
    person: Person,
    role: Role,
    wanted: float = READY,
    within: float | None = None,
) -> Plan:
    """Return the plan with the least work that reaches a readiness, or comes nearest to it.

    Args:
        knowledge: read with its growth.
        person: who is to grow.
        role: the role to be ready for.
        wanted: the readiness to reach, from 0 to 100.
        within: the months that there are, for as much readiness as they can bring; None for as many as it takes.

    """
    raises = find_raises(knowledge, person, role)
    now = person.readiness(role)
    must_haves = tuple(_must_haves(knowledge, person, role))
    ready = person.is_ready(role, wanted)
    if within is not None:
        levels = _levels(choose_raises(list(raises.values()), math.inf, within, at_once(knowledge)))
    else:
        levels = {} if ready else _least_work(person, role, raises, wanted, at_once(knowledge))
    then = person.with_levels(levels).readiness(role)
    most = person.with_levels({skill: options[-1].to for skill, options in raises.items()}).readiness(role)
    steps = tuple(_steps(knowledge, person, role, levels))
    needed = [must.months for must in must_haves if must.met is False and must.months]
    return Plan(
        role=role.key,
        wanted=wanted,
        within=within,
        ready_now=now.value,
        ready_then=then.value,
        most=most.value,
        chance_now=now.chance(wanted),
        chance_then=then.chance(wanted),
        months=reduce(Span.or_longer, needed if within is None else (), _time(knowledge, steps)),
        at_once=at_once(knowledge),
        steps=steps,
        gates_ahead=person.gates_ahead(role),
        unknown=tuple(skill for skill in role.requires if not person.is_known(skill)),
        must_haves=must_haves,
        case=_case(knowledge, person, role) if ready and within is None else None,
    )


def _must_haves(knowledge: Knowledge, person: Person, role: Role) -> Iterator[MustHaveStep]:
    """Yield the must-haves that the answers do not show, those that they deny first."""
    for gate in sorted(person.gates_ahead(role), key=lambda gate: gate_met(gate, person.answers) is None):
        way = knowledge.ways.get(gate.way or "")
        yield MustHaveStep(
            gate.text,
            gate.source,
            gate_met(gate, person.answers),
            way.actions if way else (),
            way.evidence if way else (),
            Span(way.months.low, way.months.typical, way.months.high) if way else None,
        )


def _levels(chosen: Iterable[Raise]) -> dict[str, int]:
    return {found.skill: found.to for found in chosen}


def _least_work(
    person: Person, role: Role, raises: Mapping[str, Sequence[Raise]], wanted: float, share: int
) -> dict[str, int]:
    """Return the levels to reach: those of the skills that decide, and the least work beyond that aims at AIM."""
    decisive = [
        options[-1] for skill, options in raises.items() if role.requires[skill].weight >= WEIGHTS["decides"]
    ]
    others = [options for options in raises.values() if options[-1] not in decisive]
    gained = sum(found.gain for found in decisive)
    needed = wanted - person.readiness(role).value - gained
    levels = _levels(decisive)
    for _ in range(MOST_TRIES):
        levels = _levels([*decisive, *choose_raises(others, needed, share=share)])
        then = person.with_levels(levels).readiness(role)
        if then.chance(wanted) >= AIM:
            break
        # A readiness so far above what is wanted has the chance AIM.
        needed += max(wanted + AIM_IN_SDS * then.se - then.value, SMALL)
    return levels


def _case(knowledge: Knowledge, person: Person, role: Role) -> Case:
    """Return the case for a role that one is ready for, and what the role after it asks for beyond."""
    strengths = []
    ranked = sorted(role.requires.items(), key=lambda pair: -pair[1].weight * pair[1].level)
    for skill, demand in ranked:
        level = person.level(skill)
        if person.is_known(skill) and level >= demand.level:
            rise = rise_of(knowledge, skill, level) if level else None
            marker = knowledge.skills[skill].markers.get(level, "")
            strengths.append(Strength(skill, level, marker, rise.evidence if rise else ()))
    after = next_after(knowledge, person, role)
    gains = find_gains(person.levels(), knowledge.roles[after]) if after else ()
    return Case(tuple(strengths[:STRENGTHS]), after, tuple(g for g in gains if person.is_known(g.skill)))


def next_after(knowledge: Knowledge, person: Person, role: Role) -> str | None:
    """Return the role after one, by a move upward: the one that suits best; None where the knowledge has none."""
    judge = Judge(person.questionnaire, person.answers)
    moves = knowledge.paths.moves if knowledge.paths else ()
    up = [move.to for move in moves if move.from_ == role.key and move.kind == "promotion"]
    return max(up, key=lambda key: judge.liking(knowledge.roles[key]), default=None)


def find_raises(knowledge: Knowledge, person: Person, role: Role) -> dict[str, list[Raise]]:
    """Return to which levels each skill that was asked about can be raised for a role, lowest level first."""
    found: dict[str, list[Raise]] = {}
    for skill, demand in role.requires.items():
        if not person.is_known(skill):
            continue
        months, best = 0.0, 0.0
        for level in range(person.level(skill) + 1, demand.level + 1):
            months += months_to(knowledge, skill, level).typical
            gain = person.lost_by(role, skill) - person.with_levels({skill: level}).lost_by(role, skill)
            if gain > best + TINY:
                best = gain
                found.setdefault(skill, []).append(Raise(skill, level, gain, months))
    return found


class _Raised(NamedTuple):
    """What some raises bring together; `last` is the newest of them, and `before` the state without it."""

    gain: float
    last: Raise | None = None
    before: "_Raised | None" = None


def choose_raises(
    options: Sequence[Sequence[Raise]], needed: float, within: float | None = None, share: int = 1
) -> tuple[Raise, ...]:
    """Return at most one raise of each skill: the least work for the points needed, or else the most points.

    The multiple-choice knapsack problem, solved exactly by dynamic programming (Kellerer, Pferschy and Pisinger
    2004, chapter 11).

    Args:
        options: the raises of each skill.
        needed: points of readiness.
        within: the months that there are; no skill may take longer, and `share` of them fit side by side.
        share: how many skills one works on at once.

    """
    if needed <= 0:
        return ()
    fitting = [[some for some in raises if within is None or some.months <= within] for raises in options]
    whole = all(some.months == int(some.months) for raises in fitting for some in raises)
    grid = 1 if whole else QUARTERS
    limit = math.inf if within is None else within * share * grid + TINY
    # The best state for each amount of work, before and after each skill.
    best: dict[int, _Raised] = {0: _Raised(0.0)}
    for raises in fitting:
        after = dict(best)
        for work, state in best.items():
            for some in raises:
                amount = work + math.ceil(some.months * grid - TINY)
                rival = after.get(amount)
                if amount <= limit and (rival is None or state.gain + some.gain > rival.gain):
                    after[amount] = _Raised(state.gain + some.gain, some, state)
        best = after
    enough = [work for work, state in best.items() if state.gain >= needed - TINY]
    most = max(state.gain for state in best.values())
    work = min(enough or [work for work, state in best.items() if state.gain >= most - TINY])
    found, state = [], best[work]
    while state.last is not None and state.before is not None:
        found.append(state.last)
        state = state.before
    return tuple(reversed(found))


def _steps(knowledge: Knowledge, person: Person, role: Role, levels: Mapping[str, int]) -> Iterator[PlanStep]:
    """Yield the levels to reach, those that bring most readiness for a month of work first.

    A level that brings little is not put off if one beyond it makes up for that.
    """
    waiting = {skill: list(_steps_to(knowledge, person, role, skill, to)) for skill, to in levels.items()}
    done: list[PlanStep] = []
    while any(waiting.values()):
        runs = [steps[:count] for steps in waiting.values() for count in range(1, len(steps) + 1)]
        run = max(runs, key=_rate)
        for step in run:
            done.append(step)
            yield step._replace(done_by=_time(knowledge, done))
        del waiting[run[0].skill][: len(run)]


def _rate(steps: Sequence[PlanStep]) -> float:
    """Return the points of readiness that some steps bring for each month of work."""
    return sum(step.gain for step in steps) / max(sum(step.months.typical for step in steps), TINY)


def _steps_to(knowledge: Knowledge, person: Person, role: Role, skill: str, to: int) -> Iterator[PlanStep]:
    lost = person.lost_by(role, skill)
    for level in range(person.level(skill) + 1, to + 1):
        before, lost = lost, person.with_levels({skill: level}).lost_by(role, skill)
        rise = rise_of(knowledge, skill, level)
        yield PlanStep(
            skill=skill,
            from_=level - 1,
            to=level,
            marker=knowledge.skills[skill].markers.get(level, ""),
            actions=rise.actions if rise else (),
            evidence=rise.evidence if rise else (),
            months=months_to(knowledge, skill, level),
            gain=before - lost,
            done_by=NO_TIME,
        )


def _time(knowledge: Knowledge, steps: Sequence[PlanStep]) -> Span:
    """Return how long some steps take side by side."""
    ends = {
        skill: [step for step in steps if step.skill == skill]
        for skill in dict.fromkeys(s.skill for s in steps)
    }
    gains = (Gain(skill, some[0].from_, some[-1].to) for skill, some in ends.items())
    return side_by_side(knowledge, (time_of(knowledge, gain) for gain in gains))
