"""Personal routes and plans against brute force, and against the model that they promise something about."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import inf, isclose
from pathlib import Path
from time import perf_counter

import pytest

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.verdict import assess
from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.knowledge.entries import Role
from mopscli.knowledge.progression import Move
from mopscli.person.person import Person
from mopscli.person.plan import Raise, choose_raises, find_raises, make_plan
from mopscli.person.routes import find_personal_routes
from mopscli.roles.growth import USUAL_MONTHS, Gain, Span, find_gains, months_to, side_by_side, time_of
from mopscli.roles.routes import MAX_PERSONAL, find_routes

SEED = 20261122


@pytest.fixture(scope="module")
def everything() -> Knowledge:
    """Return the bundled knowledge with its questions and its growth."""
    return load(bundled_folder(), ("questions", "growth"))


@pytest.fixture(scope="module")
def questionnaire(everything: Knowledge) -> Questionnaire:
    """Return its questionnaire."""
    return prepare(everything)


def somebody(questionnaire: Questionnaire, chance: random.Random, asked: float = 0.9) -> Person:
    """Return a person with random answers, some of them missing."""
    answers = {
        key: chance.choice(item.choices).value
        for key, item in questionnaire.items.items()
        if chance.random() < asked
    }
    return Person(questionnaire, answers)


# --- How long it takes ----------------------------------------------------------------------------


def test_months_of_the_knowledge_and_the_usual_ones(everything: Knowledge) -> None:
    """growth.yaml decides how long a level takes; without it, the usual months do."""
    assert everything.growth is not None
    months = everything.growth.growth["leadership"].steps[3].months
    assert months_to(everything, "leadership", 3) == Span(months.low, months.typical, months.high)
    bare = load(bundled_folder())
    assert months_to(bare, "leadership", 3) == Span(*USUAL_MONTHS[3])


def test_growth_is_complete(everything: Knowledge) -> None:
    """Every skill has five levels to rise to, slower at the top, with actions that are all different."""
    assert everything.growth is not None
    assert set(everything.growth.growth) == set(everything.skills)
    texts = []
    for growth in everything.growth.growth.values():
        assert sorted(growth.steps) == [1, 2, 3, 4, 5]
        for rise in growth.steps.values():
            assert 2 <= len(rise.actions) <= 3
            assert 1 <= len(rise.evidence) <= 2
            assert rise.months.low < rise.months.typical < rise.months.high
            texts += [claim.text for claim in (*rise.actions, *rise.evidence)]
        assert growth.steps[1].months.typical < growth.steps[5].months.typical
    assert len(set(texts)) == len(texts)
    assert sum(len(text.split()) for text in texts) / len(texts) > 10


def time_for(knowledge: Knowledge, gains: Iterable[Gain]) -> Span:
    """Return how long some gains take together."""
    return side_by_side(knowledge, (time_of(knowledge, gain) for gain in gains))


def test_side_by_side(everything: Knowledge) -> None:
    """Three skills at a time: together they take a third of the work, but never less than the longest."""
    one = [Gain("leadership", 2, 4)]
    assert time_for(everything, []) == Span(0, 0, 0)
    alone = time_for(everything, one)
    assert alone.typical == sum(months_to(everything, "leadership", n).typical for n in (3, 4))
    many = [Gain(skill, 0, 1) for skill in everything.skills]
    work = sum(months_to(everything, skill, 1).typical for skill in everything.skills)
    assert isclose(time_for(everything, many).typical, work / 3)
    assert time_for(everything, [*one, Gain("communication", 0, 1)]) == alone


# --- Routes ---------------------------------------------------------------------------------------


def all_ways(
    knowledge: Knowledge, origin: str, goal: str, been: tuple[str, ...] = ()
) -> Iterator[list[Move]]:
    """Yield every way that visits no role twice."""
    if origin == goal:
        yield []
        return
    for move in knowledge.moves:
        if move.from_ == origin and move.to not in (*been, origin):
            for rest in all_ways(knowledge, move.to, goal, (*been, origin)):
                yield [move, *rest]


def own_months(knowledge: Knowledge, levels: dict[str, int], origin: str, move: Move) -> float:
    """Return the typical months of a move for somebody, by the rule in the words of the help."""
    start, target = knowledge.roles[move.from_], knowledge.roles[move.to]
    have = dict(levels)
    if move.from_ != origin:
        for skill, demand in start.requires.items():
            have[skill] = max(have[skill], demand.level)
    work = []
    for skill, demand in target.requires.items():
        rises = range(have[skill] + 1, demand.level + 1)
        work.append(sum(months_to(knowledge, skill, level).typical for level in rises))
    return max(move.months.typical, max(work, default=0), sum(work) / 3)


def test_every_pair_of_roles(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """For somebody in each role on the way to each other one, the routes are the fastest of all that there are."""
    chance = random.Random(SEED)
    for origin in everything.roles.values():
        person = somebody(questionnaire, chance)
        levels = person.levels()
        for goal in everything.roles.values():
            if origin is goal:
                continue
            found = find_personal_routes(everything, person, origin, goal)
            times = sorted(
                sum(own_months(everything, levels, origin.key, move) for move in way)
                for way in all_ways(everything, origin.key, goal.key)
            )[:MAX_PERSONAL]
            if not times:
                assert found == find_routes(everything, origin, goal)
                continue
            assert [route.months.typical for route in found.routes] == pytest.approx(times)
            for route in found.routes:
                assert route.months.low <= route.months.typical <= route.months.high


def test_a_step_tells_what_it_means_for_one_person(
    everything: Knowledge, questionnaire: Questionnaire
) -> None:
    """Gains and skills that one has make up all that a role asks for, and its gains bring one's chances up."""
    person = somebody(questionnaire, random.Random(SEED))
    route = find_personal_routes(
        everything, person, everything.roles["specialist"], everything.roles["director"]
    ).routes[0]
    for step in route.steps:
        role = everything.roles[step.move.to]
        assert step.personal is not None
        assert {gain.skill for gain in step.gains} | set(step.personal.had) == set(role.requires)
        assert step.personal.chance_now == person.readiness(role).chance(80)
        assert step.personal.chance_now <= step.personal.chance_then
        assert step.months.typical >= time_for(everything, step.gains).typical - 1e-9
    levels = {gain.skill: gain.to for step in route.steps for gain in step.gains}
    then = person.with_levels(levels).readiness(everything.roles["director"])
    assert route.steps[-1].personal is not None
    assert route.steps[-1].personal.chance_then == then.chance(80)


def test_large_knowledge(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """A thousand roles and ten thousand moves are searched in a second (three on a machine that is busy)."""
    chance = random.Random(SEED)
    shipped = list(everything.roles.values())
    roles: dict[str, Role] = {}
    for number in range(1000):
        some = shipped[number % len(shipped)]
        values = {name: getattr(some, name) for name in vars(some) if name not in {"key", "name"}}
        roles[f"r{number}"] = Role(**values, key=f"r{number}", name=f"Role {number}")
    some = everything.moves[0]
    pairs = {(chance.randrange(1000), chance.randrange(1000)) for _ in range(10_100)}
    moves = tuple(
        Move(place=some.place, from_=f"r{a}", to=f"r{b}", kind=some.kind, months=some.months, why=some.why)
        for a, b in sorted(pairs)
        if a != b
    )[:10_000]
    large = replace(everything, roles=roles, moves=moves)
    person = somebody(questionnaire, chance)
    start = perf_counter()
    found = find_personal_routes(large, person, roles["r0"], roles["r999"])
    assert perf_counter() - start < 3
    assert len(found.routes) == MAX_PERSONAL


# --- Plans ----------------------------------------------------------------------------------------


def best_of_all(options: Sequence[Sequence[Raise]], within: float, share: int) -> float:
    """Return the most points that any choice brings in some months, by trying every one."""
    best = 0.0
    for chosen in product(*([None, *some] for some in options)):
        taken = [one for one in chosen if one is not None]
        longest = max((one.months for one in taken), default=0)
        if longest <= within and sum(one.months for one in taken) <= within * share + 1e-9:
            best = max(best, sum(one.gain for one in taken))
    return best


def test_no_plan_is_better(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """For 500 random people and up to eight skills, no choice at all brings more than the plan's."""
    chance = random.Random(SEED)
    roles = list(everything.roles.values())
    for number in range(500):
        person, role = somebody(questionnaire, chance), chance.choice(roles)
        raises = list(find_raises(everything, person, role).values())
        # Trying everything takes long where there is much to raise.
        options = chance.sample(raises, min(len(raises), 8 if number % 10 == 0 else 5))
        within = chance.choice((3, 6, 12, 24))
        found = choose_raises(options, inf, within, 3)
        assert sum(one.gain for one in found) == pytest.approx(best_of_all(options, within, 3))
        assert sum(one.months for one in found) <= within * 3
        assert len({one.skill for one in found}) == len(found)


def test_least_work() -> None:
    """A plan for so many points takes the least work that brings them, and the most points if none does."""
    options = [
        [Raise("a", 3, 2.0, 4), Raise("a", 4, 5.0, 9)],
        [Raise("b", 2, 3.0, 3.5)],
        [Raise("c", 1, 1.0, 10)],
    ]
    assert choose_raises(options, 0) == ()
    assert [(one.skill, one.to) for one in choose_raises(options, 3)] == [("b", 2)]
    assert [(one.skill, one.to) for one in choose_raises(options, 5)] == [("a", 3), ("b", 2)]
    assert [(one.skill, one.to) for one in choose_raises(options, 8)] == [("a", 4), ("b", 2)]
    assert len(choose_raises(options, 100)) == 3
    assert choose_raises(options, inf, 3, 3) == ()
    assert [one.skill for one in choose_raises(options, inf, 4, 1)] == ["b"]
    assert [one.skill for one in choose_raises(options, inf, 4, 2)] == ["a", "b"]


@pytest.mark.parametrize("wanted", [60.0, 80.0, 99.0])
def test_the_promise_holds(everything: Knowledge, questionnaire: Questionnaire, wanted: float) -> None:
    """Whoever follows a plan to its end and answers again is as ready as it promised, by the model of `assess`."""
    chance = random.Random(SEED)
    for role in everything.roles.values():
        person = somebody(questionnaire, chance)
        plan = make_plan(everything, person, role, wanted)
        levels = {step.skill: step.to for step in plan.steps}
        answers = dict(person.answers)
        for key, item in questionnaire.items.items():
            if item.trait in levels:
                answers[key] = levels[item.trait]
        other = next(some for some in everything.roles.values() if some is not role)
        after = assess(questionnaire, [role, other], answers).roles[0].readiness
        assert after == pytest.approx(plan.ready_then, abs=1e-9)
        assert plan.ready_then >= wanted - 1e-9 or plan.ready_then == pytest.approx(plan.most)
        assert plan.ready_then - plan.ready_now == pytest.approx(sum(step.gain for step in plan.steps))
        if plan.steps:
            assert plan.steps[-1].done_by == plan.months
            ends = [step.done_by.typical for step in plan.steps]
            assert ends == sorted(ends)


def test_steps_go_level_by_level(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """No level is skipped, and each step has its marker, its actions and its evidence."""
    plan = make_plan(everything, Person(questionnaire, {}), everything.roles["director"], 100)
    assert plan.unknown
    at: dict[str, int] = {}
    for step in plan.steps:
        assert step.to == step.from_ + 1
        assert at.setdefault(step.skill, step.from_) == step.from_
        at[step.skill] = step.to
        assert step.marker == everything.skills[step.skill].markers[step.to]
        assert step.actions
        assert step.evidence
    assert all(
        at[skill] <= demand.level
        for skill, demand in everything.roles["director"].requires.items()
        if skill in at
    )


def test_a_plan_in_time(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """More months bring more readiness, and no plan takes longer than it may."""
    person = somebody(questionnaire, random.Random(SEED))
    role = everything.roles["director"]
    plans = [make_plan(everything, person, role, 80, within) for within in (1, 6, 12, 24, 600)]
    readiness = [plan.ready_then for plan in plans]
    assert readiness == sorted(readiness)
    assert readiness[-1] == pytest.approx(plans[0].most)
    for plan, within in zip(plans, (1, 6, 12, 24, 600), strict=True):
        assert plan.months.typical <= within + 1e-9


def test_gains_of_a_person(everything: Knowledge, questionnaire: Questionnaire) -> None:
    """A level is the answered one, and the prior's where there is no answer."""
    person = Person(questionnaire, {"leadership": 3.0})
    assert person.level("leadership") == 3
    assert person.is_known("leadership")
    assert not person.is_known("communication")
    assert person.level("communication") == int(questionnaire.priors["communication"][0] + 0.5)
    gains = find_gains(person.levels(), everything.roles["director"])
    assert Gain("leadership", 3, 4) in gains
    assert Path(bundled_folder() / "growth.yaml").exists()
