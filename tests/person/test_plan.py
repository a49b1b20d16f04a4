"""Personal routes and plans against brute force, and against the model that they promise something about."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import inf, isclose
from pathlib import Path
from time import process_time

import pytest

from assessments import exact_beliefs, exact_parts, exact_variance, fit_losses, phi
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.verdict import assess
from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.knowledge.entries import WEIGHTS, Role
from mopscli.knowledge.progression import Move, PathsFile
from mopscli.page import Heading
from mopscli.pages.plan import plan_page
from mopscli.person.person import Person
from mopscli.person.plan import AIM, Raise, choose_raises, find_raises, make_plan
from mopscli.person.routes import find_personal_routes
from mopscli.roles.growth import USUAL_MONTHS, Gain, Span, find_gains, months_to, side_by_side, time_of
from mopscli.roles.routes import MAX_PERSONAL, find_routes
from samples import on_screen

SEED = 20261122


def somebody(questionnaire: Questionnaire, chance: random.Random, asked: float = 0.9) -> Person:
    """Return a person with random answers, some of them missing."""
    answers = {
        key: chance.choice(item.choices).value
        for key, item in questionnaire.items.items()
        if chance.random() < asked
    }
    return Person(questionnaire, answers)


# --- How long it takes ----------------------------------------------------------------------------


def test_months_of_the_knowledge_and_the_usual_ones(knowledge: Knowledge) -> None:
    """growth.yaml would not decide how long a level takes, or be needed for it."""
    assert knowledge.growth is not None
    months = knowledge.growth.growth["leadership"].steps[3].months
    assert months_to(knowledge, "leadership", 3) == Span(months.low, months.typical, months.high)
    bare = load(bundled_folder(), ())
    assert months_to(bare, "leadership", 3) == Span(*USUAL_MONTHS[3])


def test_growth_is_complete(knowledge: Knowledge) -> None:
    """A skill would lack a level to rise to, or a level its actions, or one be quicker at the top."""
    assert knowledge.growth is not None
    assert set(knowledge.growth.growth) == set(knowledge.skills)
    texts = []
    for growth in knowledge.growth.growth.values():
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


def test_side_by_side(knowledge: Knowledge) -> None:
    """Three skills at a time would take longer than a third of the work, or less than the longest."""
    one = [Gain("leadership", 2, 4)]
    assert time_for(knowledge, []) == Span(0, 0, 0)
    alone = time_for(knowledge, one)
    assert alone.typical == sum(months_to(knowledge, "leadership", n).typical for n in (3, 4))
    many = [Gain(skill, 0, 1) for skill in knowledge.skills]
    work = sum(months_to(knowledge, skill, 1).typical for skill in knowledge.skills)
    assert isclose(time_for(knowledge, many).typical, work / 3)
    assert time_for(knowledge, [*one, Gain("communication", 0, 1)]) == alone


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


def seems_ready(person: Person, role: Role) -> bool:
    """Tell whether somebody is more likely ready than not, the heaviest skills asked, and nothing denied."""
    beliefs = exact_beliefs(person.questionnaire, person.answers)
    heaviest = sorted(
        role.requires, key=lambda skill: -role.requires[skill].weight * role.requires[skill].level
    )
    asked = {item.trait for key, item in person.questionnaire.items.items() if key in person.answers}
    denied = any(person.answers.get(gate.asks or "", 5) < (gate.at_least or 0) for gate in role.gates)
    # A skill that decides, and is surely more than a level short, is not made up for by others.
    short = any(
        demand.weight >= WEIGHTS["decides"] and skill in asked and sum(beliefs[skill]) < demand.level - 1
        for skill, demand in role.requires.items()
    )
    known = {*heaviest[:3]} <= asked
    return exact_parts(role, beliefs)[0] >= 80 and known and not denied and not short


def own_months(knowledge: Knowledge, person: Person, ready: set[str], origin: str, move: Move) -> float:
    """Return the typical months of a move for somebody, by the rule in the words of the help."""
    start, target = knowledge.roles[move.from_], knowledge.roles[move.to]
    have = person.levels()
    if move.from_ != origin:
        for skill, demand in start.requires.items():
            have[skill] = max(have[skill], demand.level)
    work = []
    for skill, demand in target.requires.items():
        rises = range(have[skill] + 1, demand.level + 1)
        work.append(sum(months_to(knowledge, skill, level).typical for level in rises))
    # Whoever is ready for a role need not wait as long as others do.
    usual = 0 if target.key in ready else move.months.typical
    return max(usual, max(work, default=0), sum(work) / 3)


def test_every_pair_of_roles(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """For somebody on the way from one role to another, a faster route would be missed."""
    # As many roles and moves as can all be tried.
    ladders = ("head-ladder", "director-ladder", "team-growth", "platform-ladder")
    tried = {step for key in ladders for step in knowledge.ladders[key].steps}
    moves = tuple(move for move in knowledge.moves if move.kind != "back" and {move.from_, move.to} <= tried)
    roles = {key: role for key, role in knowledge.roles.items() if key in tried}
    knowledge = replace(knowledge, roles=roles, paths=PathsFile(place=knowledge.moves[0].place, moves=moves))
    chance = random.Random(SEED)
    for origin in knowledge.roles.values():
        person = somebody(questionnaire, chance)
        ready = {key for key, role in roles.items() if seems_ready(person, role)}
        months = {move: own_months(knowledge, person, ready, origin.key, move) for move in moves}
        for goal in knowledge.roles.values():
            if origin is goal:
                continue
            found = find_personal_routes(knowledge, person, origin, goal)
            times = sorted(
                sum(months[move] for move in way) for way in all_ways(knowledge, origin.key, goal.key)
            )[:MAX_PERSONAL]
            if not times:
                assert found == find_routes(knowledge, origin, goal)
                continue
            assert [route.months.typical for route in found.routes] == pytest.approx(times)
            for route in found.routes:
                assert route.months.low <= route.months.typical <= route.months.high


def test_a_step_tells_what_it_means_for_one_person(
    knowledge: Knowledge, questionnaire: Questionnaire
) -> None:
    """A step would ask for what one has, leave out what one lacks, or promise too much."""
    person = somebody(questionnaire, random.Random(SEED))
    route = find_personal_routes(
        knowledge, person, knowledge.roles["specialist"], knowledge.roles["director"]
    ).routes[0]
    for step in route.steps:
        role = knowledge.roles[step.move.to]
        assert step.personal is not None
        assert {gain.skill for gain in step.gains} | set(step.personal.had) == set(role.requires)
        assert step.personal.chance_now == person.readiness(role).chance(80)
        assert step.personal.chance_now <= step.personal.chance_then
        assert step.months.typical >= time_for(knowledge, step.gains).typical - 1e-9
    levels = {gain.skill: gain.to for step in route.steps for gain in step.gains}
    then = person.with_levels(levels).readiness(knowledge.roles["director"])
    assert route.steps[-1].personal is not None
    assert route.steps[-1].personal.chance_then == then.chance(80)


def test_large_knowledge(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A thousand roles and ten thousand moves would take too long to search."""
    chance = random.Random(SEED)
    shipped = list(knowledge.roles.values())
    roles: dict[str, Role] = {}
    for number in range(1000):
        some = shipped[number % len(shipped)]
        values = {name: getattr(some, name) for name in vars(some) if name not in {"key", "name"}}
        roles[f"r{number}"] = Role(**values, key=f"r{number}", name=f"Role {number}")
    some = knowledge.moves[0]
    pairs = {(chance.randrange(1000), chance.randrange(1000)) for _ in range(10_100)}
    moves = tuple(
        Move(place=some.place, from_=f"r{a}", to=f"r{b}", kind=some.kind, months=some.months, why=some.why)
        for a, b in sorted(pairs)
        if a != b
    )[:10_000]
    large = replace(knowledge, roles=roles, paths=PathsFile(place=some.place, moves=moves))
    person = somebody(questionnaire, chance)
    start = process_time()
    found = find_personal_routes(large, person, roles["r0"], roles["r999"])
    assert process_time() - start < 3
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


@pytest.mark.long
def test_no_plan_is_better(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Some choice of up to eight skills would bring a random person more than the plan's does."""
    chance = random.Random(SEED)
    roles = list(knowledge.roles.values())
    for number in range(120):
        person, role = somebody(questionnaire, chance), chance.choice(roles)
        raises = list(find_raises(knowledge, person, role).values())
        # Trying everything takes long where there is much to raise.
        options = chance.sample(raises, min(len(raises), 8 if number % 10 == 0 else 5))
        within = chance.choice((3, 6, 12, 24))
        found = choose_raises(options, inf, within, 3)
        assert sum(one.gain for one in found) == pytest.approx(best_of_all(options, within, 3))
        assert sum(one.months for one in found) <= within * 3
        assert len({one.skill for one in found}) == len(found)


def test_least_work() -> None:
    """A plan would take more work than its points need, or stop short of the most that can be had."""
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


@pytest.mark.parametrize("together", [0.0, 0.3])
def test_chance_of_being_ready(knowledge: Knowledge, questionnaire: Questionnaire, together: float) -> None:
    """The chance of a readiness would not be that of the design, from what all skills together are in doubt."""
    questionnaire = replace(questionnaire, together=together)
    person, role = somebody(questionnaire, random.Random(SEED)), knowledge.roles["director"]
    beliefs = exact_beliefs(questionnaire, person.answers)
    # Readiness counts for half of a fit.
    skills = {trait: losses for trait, losses in fit_losses(role).items() if trait in role.requires}
    error = 2 * exact_variance(questionnaire, skills, beliefs) ** 0.5
    ready = person.readiness(role)
    assert ready.value == pytest.approx(exact_parts(role, beliefs)[0], abs=0.02)
    assert ready.se == pytest.approx(error, rel=0.01)
    for wanted in (ready.value - error, ready.value, ready.value + 2 * error):
        assert ready.chance(wanted) == pytest.approx(phi((ready.value - wanted) / error), abs=3e-3)


@pytest.mark.parametrize("wanted", [60.0, 80.0, 99.0])
def test_the_promise_holds(knowledge: Knowledge, questionnaire: Questionnaire, wanted: float) -> None:
    """Whoever follows a plan and answers again would not be as ready as it promised, by `assess`."""
    chance = random.Random(SEED)
    for role in knowledge.roles.values():
        person = somebody(questionnaire, chance)
        plan = make_plan(knowledge, person, role, wanted)
        levels = {step.skill: step.to for step in plan.steps}
        answers = dict(person.answers)
        for key, item in questionnaire.items.items():
            if item.trait in levels:
                level = levels[item.trait]
                answers[key] = min(item.choices, key=lambda choice: abs(choice.y - level)).value
        other = next(some for some in knowledge.roles.values() if some is not role)
        after = assess(questionnaire, [role, other], answers).roles[0].readiness
        assert after == pytest.approx(plan.ready_then, abs=1e-9)
        assert plan.ready_then >= wanted - 1e-9 or plan.ready_then == pytest.approx(plan.most)
        assert plan.ready_then - plan.ready_now == pytest.approx(sum(step.gain for step in plan.steps))
        if plan.steps:
            assert plan.steps[-1].done_by == plan.months
            ends = [step.done_by.typical for step in plan.steps]
            assert ends == sorted(ends)


def all_at(questionnaire: Questionnaire, level: int, **changes: float) -> dict[str, float]:
    """Return the answers of somebody with every skill at a level, and some other answers besides."""
    items = questionnaire.items.values()
    answers = {item.key: float(level) for item in items if item.kind == "skill"}
    return {**answers, **{key.replace("_", "-"): value for key, value in changes.items()}}


LED, BUDGET = {"people_managed": 6.0}, {"budget_owned": 3.0}


def test_must_haves_come_first(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A must-have that is missing would be left out of the plan, lack a way to get it, or stand behind skills."""
    answers = all_at(questionnaire, 3, people_managed=0.0)
    plan = make_plan(knowledge, Person(questionnaire, answers), knowledge.roles["director"])
    denied, silent = plan.must_haves
    assert (denied.met, silent.met) == (False, None)
    assert "led a team" in denied.text
    assert "budget" in silent.text
    for must in plan.must_haves:
        assert must.actions
        assert must.evidence
        assert must.source in knowledge.sources
        assert must.months is not None
        assert must.months.low <= must.months.typical <= must.months.high
    assert denied.months is not None
    assert plan.months.typical >= denied.months.typical
    page = plan_page(knowledge, plan)
    headings = [block.text for block in page.blocks if isinstance(block, Heading)]
    assert headings[0].startswith("Must-have: ")
    assert headings[1].startswith("Not told yet: ")
    assert headings[2].startswith("1. ")
    led = all_at(questionnaire, 3, **LED, **BUDGET)
    assert make_plan(knowledge, Person(questionnaire, led), knowledge.roles["director"]).must_haves == ()


def test_skills_that_decide_are_in_the_plan(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A skill that decides a role would be left below its level because others are less work."""
    for role in knowledge.roles.values():
        person = Person(questionnaire, all_at(questionnaire, 1))
        plan = make_plan(knowledge, person, role)
        if plan.case is not None:
            continue
        reached = {step.skill: step.to for step in plan.steps}
        for skill, demand in role.requires.items():
            if demand.weight >= WEIGHTS["decides"] and demand.level > 1:
                assert reached.get(skill) == demand.level, (role.key, skill)


@pytest.mark.parametrize("level", [0, 2, 3])
def test_a_plan_aims_at_three_in_four(knowledge: Knowledge, questionnaire: Questionnaire, level: int) -> None:
    """A plan would end where one is as likely ready as not, though more could be learned; or ask for too much."""
    person = Person(questionnaire, all_at(questionnaire, level, **LED, **BUDGET))
    for role in knowledge.roles.values():
        plan = make_plan(knowledge, person, role)
        if plan.case is not None:
            continue
        best = {skill: demand.level for skill, demand in role.requires.items() if demand.level > level}
        most = person.with_levels(best).readiness(role).chance(80)
        assert plan.chance_then >= AIM or plan.chance_then == pytest.approx(most, abs=0.02), role.key
        assert plan.chance_then >= plan.chance_now


def test_nothing_about_skills_that_were_not_asked(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A plan would raise a skill of which no answer tells, or not name it as unknown."""
    role = knowledge.roles["director"]
    asked = ("leadership", "communication", "marketing-automation")
    person = Person(questionnaire, dict.fromkeys(asked, 1.0))
    for plan in (make_plan(knowledge, person, role), make_plan(knowledge, person, role, 80, 600)):
        assert {step.skill for step in plan.steps} == {"leadership", "communication", "marketing-automation"}
        assert set(plan.unknown) == role.requires.keys() - set(asked)
        text = " ".join(on_screen(plan_page(knowledge, plan)).split())
        assert "mops assess --continue" in text
        assert knowledge.skills["financial-acumen"].name in text.partition("You have not answered about")[2]
    nobody = make_plan(knowledge, Person(questionnaire, {}), role)
    assert (nobody.steps, nobody.case) == ((), None)
    assert "Too little is known" in on_screen(plan_page(knowledge, nobody))


def test_the_case_of_whoever_is_ready(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Somebody ready would be told to learn, without what they bring, what shows it, and what comes after."""
    role = knowledge.roles["director"]
    person = Person(questionnaire, all_at(questionnaire, 4, **LED, **BUDGET))
    plan = make_plan(knowledge, person, role)
    assert plan.case is not None
    assert (plan.steps, plan.months) == ((), Span(0, 0, 0))
    assert plan.chance_now >= 0.5
    assert len(plan.case.strengths) == 3
    for strength in plan.case.strengths:
        assert strength.level >= role.requires[strength.skill].level
        assert strength.marker == knowledge.skills[strength.skill].markers[strength.level]
        assert strength.evidence
    heaviest = max(demand.weight * demand.level for demand in role.requires.values())
    first = role.requires[plan.case.strengths[0].skill]
    assert first.weight * first.level == heaviest
    assert plan.case.after is not None
    after = knowledge.roles[plan.case.after]
    assert after.rank > role.rank
    assert all(gain.to == after.requires[gain.skill].level for gain in plan.case.gains)
    assert all(person.level(gain.skill) == gain.from_ for gain in plan.case.gains)
    text = " ".join(on_screen(plan_page(knowledge, plan)).split())
    for part in ("Your case for", "You bring", "The next conversation", after.name):
        assert part in text
    assert "level 4 to" not in text


@pytest.mark.parametrize(
    ("answers", "ready"),
    [({**LED, **BUDGET}, True), ({}, True), ({"people_managed": 0.0}, False), ({"budget_owned": 1.0}, False)],
)
def test_no_case_without_the_must_haves(
    knowledge: Knowledge, questionnaire: Questionnaire, answers: dict[str, float], ready: bool
) -> None:
    """Somebody whose answers deny a must-have would be told to apply, or whose answers are silent, to learn."""
    person = Person(questionnaire, all_at(questionnaire, 5, **answers))
    plan = make_plan(knowledge, person, knowledge.roles["director"])
    assert (plan.case is not None) is ready
    if not ready:
        assert plan.months.typical > 0
        assert "the must-haves below are missing" in on_screen(plan_page(knowledge, plan))


def test_steps_go_level_by_level(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A plan would skip a level, or a step lack its marker, its actions or its evidence."""
    answers = {key: value for key, value in all_at(questionnaire, 1).items() if key != "leadership-2"}
    plan = make_plan(knowledge, Person(questionnaire, answers), knowledge.roles["director"], 100)
    assert len(plan.steps) > 20
    at: dict[str, int] = {}
    for step in plan.steps:
        assert step.to == step.from_ + 1
        assert at.setdefault(step.skill, step.from_) == step.from_
        at[step.skill] = step.to
        assert step.marker == knowledge.skills[step.skill].markers[step.to]
        assert step.actions
        assert step.evidence
    assert all(
        at[skill] <= demand.level
        for skill, demand in knowledge.roles["director"].requires.items()
        if skill in at
    )


def test_a_plan_in_time(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """More months would bring less readiness, or a plan take longer than it may."""
    person = somebody(questionnaire, random.Random(SEED))
    role = knowledge.roles["director"]
    plans = [make_plan(knowledge, person, role, 80, within) for within in (1, 6, 12, 24, 600)]
    readiness = [plan.ready_then for plan in plans]
    assert readiness == sorted(readiness)
    assert readiness[-1] == pytest.approx(plans[0].most)
    for plan, within in zip(plans, (1, 6, 12, 24, 600), strict=True):
        assert plan.months.typical <= within + 1e-9


def test_gains_of_a_person(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A level would be another than the answered one, or than the prior's where there is no answer."""
    person = Person(questionnaire, {"leadership": 3.0})
    assert person.level("leadership") == 3
    assert person.is_known("leadership")
    assert not person.is_known("communication")
    assert person.level("communication") == int(questionnaire.priors["communication"][0] + 0.5)
    gains = find_gains(person.levels(), knowledge.roles["director"])
    assert Gain("leadership", 3, 4) in gains
    assert Path(bundled_folder() / "growth.yaml").exists()


def test_a_plan_is_the_least_work(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """Plans would ask for much more work than others that make one as surely ready."""
    chance = random.Random(SEED)
    planned: list[float] = []
    least: list[float] = []
    for _ in range(60):
        person, role = somebody(questionnaire, chance), chance.choice(list(knowledge.roles.values()))
        few = chance.sample(sorted(role.requires), 4)
        role = replace(role, requires={skill: role.requires[skill] for skill in few})
        raises = list(find_raises(knowledge, person, role).values())
        wanted = chance.uniform(person.readiness(role).value, 95)
        work = {}
        for chosen in product(*([None, *some] for some in raises)):
            taken = {one.skill: one.to for one in chosen if one is not None}
            if person.with_levels(taken).readiness(role).chance(wanted) >= AIM:
                work[tuple(taken.items())] = sum(one.months for one in chosen if one is not None)
        plan = make_plan(knowledge, person, role, wanted)
        if person.is_ready(role, wanted) or not work or plan.chance_then < AIM:
            continue
        levels: dict[str, int] = {}
        for step in plan.steps:
            levels[step.skill] = max(step.to, levels.get(step.skill, 0))
        months = sum(one.months for some in raises for one in some if levels.get(one.skill) == one.to)
        planned.append(months)
        least.append(min(work.values()))
    assert len(least) >= 10
    # Which doubt is left depends on the skills, so a single plan may be longer than the shortest one.
    assert sum(planned) <= 1.25 * sum(least)
    assert sum(one == other for one, other in zip(planned, least, strict=True)) > len(least) / 2


def test_raises_are_all_there_are(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """A level that brings a point or less would never be offered, and the most that can be had be too little."""
    chance = random.Random(SEED)
    small = 0
    for _ in range(20):
        person, role = somebody(questionnaire, chance), chance.choice(list(knowledge.roles.values()))
        found = find_raises(knowledge, person, role)
        for skill, demand in role.requires.items():
            now, best = person.lost_by(role, skill), 0.0
            expected = []
            for level in range(person.level(skill) + 1, demand.level + 1) if person.is_known(skill) else ():
                gain = now - person.with_levels({skill: level}).lost_by(role, skill)
                if gain > best + 1e-6:
                    best = gain
                    expected.append((level, pytest.approx(gain)))
            assert [(one.to, one.gain) for one in found.get(skill, [])] == expected
            small += sum(one.gain < 1 for one in found.get(skill, []))
        whole = {skill: demand.level for skill, demand in role.requires.items() if person.is_known(skill)}
        raised = {skill: level for skill, level in whole.items() if level > person.level(skill)}
        most = max(person.with_levels(raised).readiness(role).value, person.readiness(role).value)
        assert make_plan(knowledge, person, role, 100).most == pytest.approx(most, abs=0.5)
    assert small


def test_usual_months() -> None:
    """Where the knowledge is silent, the months would be others than those written down."""
    assert USUAL_MONTHS == {1: (1, 2, 4), 2: (2, 4, 8), 3: (4, 7, 14), 4: (6, 11, 22), 5: (9, 18, 36)}
