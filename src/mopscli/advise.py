"""The ways from one role to another, and what to learn on them."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from mopscli.knowledge import Knowledge, Move, Role

MAX_ROUTES = 10


@dataclass(frozen=True)
class Gain:
    """A skill to raise, from one level to a higher one (0 to 5)."""

    skill: str
    from_: int
    to: int


@dataclass(frozen=True)
class Step:
    """One move of a route, and what to gain for it beyond all that the route has brought so far."""

    move: Move
    gains: tuple[Gain, ...]


@dataclass(frozen=True)
class Span:
    """A time in months: when it goes fast, typically, and when it goes slowly."""

    low: float
    typical: float
    high: float


@dataclass(frozen=True)
class Route:
    """Steps that lead from one role to another, and the months that they take together."""

    steps: tuple[Step, ...]
    months: Span


@dataclass(frozen=True)
class Routes:
    """The answer to "how do I get from here to there?", fastest route first.

    Without a route, `nearest` leads to the role in reach that asks for what is closest to the goal, if any,
    and `way_back` tells whether moves lead from the goal to where one is.
    """

    from_: str
    to: str
    routes: tuple[Route, ...]
    nearest: Route | None = None
    way_back: bool = False


@dataclass(frozen=True)
class Destinations:
    """The answer to "where can I go from here?": the next moves, and the fastest way beyond them."""

    from_: str
    next_steps: tuple[Step, ...]
    beyond: tuple[Route, ...]


def find_routes(knowledge: Knowledge, origin: Role, goal: Role) -> Routes:
    """Find the fastest routes, by typical months, MAX_ROUTES at most."""
    moves = _moves_by_origin(knowledge)
    found = list(islice(_fastest_first(moves, origin.key, goal.key), MAX_ROUTES))
    if found:
        return Routes(origin.key, goal.key, tuple(_route(knowledge, route) for route in found))
    reachable = _fastest_to_each(moves, origin.key)
    nearest = min(reachable, key=lambda key: (_distance(knowledge.roles[key], goal), key), default=None)
    return Routes(
        origin.key,
        goal.key,
        routes=(),
        nearest=_route(knowledge, reachable[nearest]) if nearest is not None else None,
        way_back=origin.key in _fastest_to_each(moves, goal.key),
    )


def find_destinations(knowledge: Knowledge, origin: Role) -> Destinations:
    """Find the moves out of a role, by typical months, and the fastest route to every other role in reach."""
    moves = _moves_by_origin(knowledge)
    routes = _fastest_to_each(moves, origin.key)
    direct = sorted(moves.get(origin.key, ()), key=lambda move: move.months.typical)
    beyond = [_route(knowledge, route) for key, route in routes.items() if key not in {m.to for m in direct}]
    next_steps = tuple(_route(knowledge, [move]).steps[0] for move in direct)
    return Destinations(origin.key, next_steps, tuple(beyond))


def _moves_by_origin(knowledge: Knowledge) -> dict[str, list[Move]]:
    moves: dict[str, list[Move]] = {}
    for move in knowledge.moves:
        moves.setdefault(move.from_, []).append(move)
    return moves


def _fastest_to_each(
    moves: Mapping[str, Sequence[Move]], origin: str, closed: Iterable[str] = (), barred: Iterable[str] = ()
) -> dict[str, list[Move]]:
    """Return the fastest route to each role in reach, nearest first (Dijkstra 1959).

    Args:
        moves: the moves out of each role.
        origin: where to start.
        closed: roles that no route may enter.
        barred: roles that the first move may not lead to.

    """
    ends = set(closed)
    routes: dict[str, list[Move]] = {}
    # Equal times: fewer moves first, then the order of the file.
    order = count()
    queue: list[tuple[float, int, int, str, list[Move]]] = [(0, 0, next(order), origin, [])]
    while queue:
        months, _, _, role, route = heapq.heappop(queue)
        if role in routes or role in ends:
            continue
        routes[role] = route
        for move in moves.get(role, ()):
            if move.to not in routes and not (role == origin and move.to in barred):
                total = months + move.months.typical
                heapq.heappush(queue, (total, len(route) + 1, next(order), move.to, [*route, move]))
    del routes[origin]
    return routes


def _fastest_first(moves: Mapping[str, Sequence[Move]], origin: str, goal: str) -> Iterator[list[Move]]:
    """Yield every route that visits no role twice, in order of typical months (Yen 1971)."""
    fastest = _fastest_to_each(moves, origin).get(goal)
    queue: list[tuple[float, int, tuple[str, ...], list[Move]]] = []
    queued: set[tuple[str, ...]] = set()
    yielded: list[tuple[str, ...]] = []

    def offer(route: list[Move]) -> None:
        roles = (origin, *(move.to for move in route))
        if roles not in queued:
            queued.add(roles)
            heapq.heappush(queue, (sum(move.months.typical for move in route), len(route), roles, route))

    if fastest:
        offer(fastest)
    while queue:
        _, _, roles, route = heapq.heappop(queue)
        yield route
        yielded.append(roles)
        for length in range(len(route)):
            # The same beginning, and then another turn than any route already found took from there.
            start = roles[: length + 1]
            turns = {other[length + 1] for other in yielded if other[: length + 1] == start}
            rest = _fastest_to_each(moves, start[-1], closed=start[:-1], barred=turns).get(goal)
            if rest:
                offer([*route[:length], *rest])


def _route(knowledge: Knowledge, moves: Sequence[Move]) -> Route:
    origin = knowledge.roles[moves[0].from_]
    levels = {skill: demand.level for skill, demand in origin.requires.items()}
    steps = []
    for move in moves:
        gains = find_gains(levels, knowledge.roles[move.to])
        levels |= {gain.skill: gain.to for gain in gains}
        steps.append(Step(move, gains))
    return Route(
        steps=tuple(steps),
        months=Span(
            low=sum(move.months.low for move in moves),
            typical=sum(move.months.typical for move in moves),
            high=sum(move.months.high for move in moves),
        ),
    )


def find_gains(levels: Mapping[str, int], target: Role) -> tuple[Gain, ...]:
    """Return the skills in which a role asks for more than one has, largest gain first.

    Args:
        levels: the level that one has, by skill; a skill that is not there counts as 0.
        target: the role to be ready for.

    """
    gains = [
        Gain(skill, levels.get(skill, 0), demand.level)
        for skill, demand in target.requires.items()
        if levels.get(skill, 0) < demand.level
    ]
    return tuple(sorted(gains, key=lambda gain: (gain.from_ - gain.to, gain.skill)))


def _distance(role: Role, goal: Role) -> float:
    """Return how far a role's levels are from the goal's, weighted as the goal weighs them."""
    levels = {skill: demand.level for skill, demand in role.requires.items()}
    return sum(
        demand.weight * abs(demand.level - levels.get(skill, 0)) for skill, demand in goal.requires.items()
    )
