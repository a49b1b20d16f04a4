"""The ways between roles, checked against trying out every way there is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Claim, Role
from mopscli.knowledge.progression import Months, Move, PathsFile
from mopscli.problem import Place
from mopscli.roles.growth import find_gains
from mopscli.roles.routes import MAX_ROUTES, find_destinations, find_routes, roles_on_the_way

HERE = Place("test")
ROLE_KEYS = ("a", "b", "c", "d", "e", "f")


def all_routes(
    knowledge: Knowledge, origin: str, goal: str, seen: tuple[str, ...] = ()
) -> Iterator[list[Move]]:
    """Yield every route that visits no role twice, by trying each move."""
    if origin == goal:
        yield []
        return
    for move in knowledge.moves:
        if move.from_ == origin and move.to not in (*seen, origin):
            for rest in all_routes(knowledge, move.to, goal, (*seen, origin)):
                yield [move, *rest]


def network(moves: dict[tuple[str, str], int]) -> Knowledge:
    """Return knowledge of six roles with these moves and their typical months."""
    claim = Claim(place=HERE, text="text", source="own")
    roles = {
        key: Role(place=HERE, key=key, name=key, label=key, family="", rank=0, summary=claim)
        for key in ROLE_KEYS
    }
    steps = tuple(
        Move(
            place=HERE,
            from_=origin,
            to=goal,
            kind="lateral",
            months=Months(place=HERE, low=months, typical=months, high=2 * months, source="own"),
            why=claim,
        )
        for (origin, goal), months in moves.items()
    )
    return Knowledge(
        folder=None,  # type: ignore[arg-type]
        sources={},
        skills={},
        drives={},
        roles=roles,
        topics={},
        paths=PathsFile(place=HERE, moves=steps),
    )


pairs = st.tuples(st.sampled_from(ROLE_KEYS), st.sampled_from(ROLE_KEYS)).filter(
    lambda pair: pair[0] != pair[1]
)


@settings(deadline=None)
@given(st.dictionaries(pairs, st.integers(0, 5), max_size=20))
def test_routes_of_any_network(moves: dict[tuple[str, str], int]) -> None:
    """The fastest route would not be the fastest there is, or another one be told twice or out of order."""
    knowledge = network(moves)
    found = find_routes(knowledge, knowledge.roles["a"], knowledge.roles["f"])
    ways = list(all_routes(knowledge, "a", "f"))
    expected = sorted(sum(move.months.typical for move in way) for way in ways)
    times = [route.months.typical for route in found.routes]
    assert times == expected[:MAX_ROUTES]
    kept = [tuple(step.move for step in route.steps) for route in found.routes]
    assert len(set(kept)) == len(kept)
    assert set(kept) <= {tuple(way) for way in ways}


def onward(knowledge: Knowledge) -> Knowledge:
    """Return knowledge with the moves alone that do not go back."""
    moves = tuple(move for move in knowledge.moves if move.kind != "back")
    return replace(knowledge, paths=PathsFile(place=HERE, moves=moves))


def fastest(knowledge: Knowledge, origin: str) -> dict[str, float]:
    """Return the least months to each role in reach, by going over all moves until none makes a way shorter."""
    months = {origin: 0.0}
    for _ in knowledge.roles:
        for move in knowledge.moves:
            if move.from_ in months:
                time = months[move.from_] + move.months.typical
                months[move.to] = min(time, months.get(move.to, time))
    return months


def test_every_pair(knowledge: Knowledge) -> None:
    """From some role to another, the fastest way would be missed, or one be told where there is none."""
    for origin in knowledge.roles.values():
        months = fastest(knowledge, origin.key)
        for goal in knowledge.roles.values():
            if origin is goal:
                continue
            result = find_routes(knowledge, origin, goal)
            times = [months[goal.key]] if goal.key in months else []
            assert [route.months.typical for route in result.routes[:1]] == times
            for route in result.routes:
                assert route.steps[0].move.from_ == origin.key
                assert route.steps[-1].move.to == goal.key
                assert all(
                    a.move.to == b.move.from_ for a, b in zip(route.steps, route.steps[1:], strict=False)
                )
                assert route.months.low <= route.months.typical <= route.months.high


def test_specialist_to_director(knowledge: Knowledge) -> None:
    """The first article's ladder would not be the fastest way from specialist to Director."""
    routes = find_routes(knowledge, knowledge.roles["specialist"], knowledge.roles["director"]).routes
    assert [step.move.to for step in routes[0].steps] == ["senior-specialist", "head", "director"]
    assert len(routes) == MAX_ROUTES


def test_out_of_reach(knowledge: Knowledge) -> None:
    """Where no way leads, another role than the reachable one nearest in skills would be named."""
    knowledge = onward(knowledge)
    director, specialist = knowledge.roles["director"], knowledge.roles["specialist"]
    result = find_routes(knowledge, director, specialist)
    assert result.routes == ()
    assert result.way_back
    assert result.nearest is not None
    target = knowledge.roles[result.nearest.steps[-1].move.to]

    def distance(role: Role) -> float:
        return sum(
            demand.weight * abs(demand.level - (role.requires[key].level if key in role.requires else 0))
            for key, demand in specialist.requires.items()
        )

    reachable = find_destinations(knowledge, director)
    keys = {step.move.to for step in reachable.next_steps} | {
        way.steps[-1].move.to for way in reachable.beyond
    }
    assert distance(target) == min(distance(knowledge.roles[key]) for key in keys)


def test_dead_end(knowledge: Knowledge) -> None:
    """Where no move leads away, something would be said to be in reach."""
    knowledge = onward(knowledge)
    cmo = knowledge.roles["cmo"]
    assert find_routes(knowledge, cmo, knowledge.roles["head"]).nearest is None
    assert find_destinations(knowledge, cmo).next_steps == ()


def test_destinations(knowledge: Knowledge) -> None:
    """A role in reach would be told twice or not at all, or not begin with the next moves."""
    result = find_destinations(knowledge, knowledge.roles["head"])
    direct = [step.move.to for step in result.next_steps]
    beyond = [route.steps[-1].move.to for route in result.beyond]
    assert set(direct) == {move.to for move in knowledge.moves if move.from_ == "head"}
    assert not set(direct) & set(beyond)
    assert len(set(beyond)) == len(beyond)


@pytest.mark.parametrize("key", ["senior-specialist", "director", "cmo"])
def test_gains(knowledge: Knowledge, key: str) -> None:
    """What is to be learned would not be exactly where the next role asks for more, largest first."""
    levels = {skill: demand.level for skill, demand in knowledge.roles["head"].requires.items()}
    target = knowledge.roles[key]
    gains = find_gains(levels, target)
    assert {gain.skill: (gain.from_, gain.to) for gain in gains} == {
        skill: (levels.get(skill, 0), demand.level)
        for skill, demand in target.requires.items()
        if demand.level > levels.get(skill, 0)
    }
    steps = [gain.to - gain.from_ for gain in gains]
    assert steps == sorted(steps, reverse=True)


def test_nothing_is_learned_twice(knowledge: Knowledge) -> None:
    """A route would ask one to learn again what one of its steps has brought."""
    for route in find_routes(knowledge, knowledge.roles["specialist"], knowledge.roles["vp"]).routes:
        levels = {skill: demand.level for skill, demand in knowledge.roles["specialist"].requires.items()}
        for step in route.steps:
            for gain in step.gains:
                assert gain.from_ == levels.get(gain.skill, 0)
                levels[gain.skill] = gain.to
            for skill, demand in knowledge.roles[step.move.to].requires.items():
                assert levels.get(skill, 0) >= demand.level


def test_small_folder(small: Knowledge) -> None:
    """Months would not add up, or the gains not name the levels at both ends."""
    (route,) = find_routes(small, small.roles["author"], small.roles["editor"]).routes
    assert (route.months.low, route.months.typical, route.months.high) == (12, 24, 60)
    assert [(gain.skill, gain.from_, gain.to) for gain in route.steps[0].gains] == [("editing", 2, 5)]


def test_the_way_stays_in_its_field(knowledge: Knowledge) -> None:
    """The advice would lead somebody through other fields for the sake of a few months."""
    families = {key: role.family for key, role in knowledge.roles.items()}
    for origin, goal in permutations(knowledge.roles, 2):
        way = roles_on_the_way(knowledge, origin, goal)
        beyond = [key for key in way if families[key] not in (families[origin], families[goal])]
        assert not beyond or origin in ("revenue-operations", "sales-operations"), (origin, goal, way)
    assert roles_on_the_way(knowledge, "sales-operations", "cmo")[-1] == "cmo"
