"""The ways from one role to another, and what to learn on them."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Gate, Role
from mopscli.knowledge.progression import Move
from mopscli.roles.growth import Gain, Span, find_gains, total

if TYPE_CHECKING:
    pass

MAX_ROUTES: Final = 10
MAX_PERSONAL: Final = 3


class Personal(NamedTuple):
    """What a step means for one person.

    `had` are the skills that the role asks for and one has by then, `gates` its must-haves that no answer shows.
    `chance_now` and `chance_then` are the probabilities of being ready for the role today, and with the gains of
    the route up to it.
    """

    had: tuple[str, ...]
    gates: tuple[Gate, ...]
    chance_now: float
    chance_then: float


class Step(NamedTuple):
    """One move of a route, what to gain for it beyond what one has by then, and the months that it takes."""

    move: Move
    gains: tuple[Gain, ...]
    months: Span
    personal: Personal | None = None


class Route(NamedTuple):
    """Steps that lead from one role to another, and the months that they take together."""

    steps: tuple[Step, ...]
    months: Span


class Routes(NamedTuple):
    """The answer to "how do I get from here to there?", fastest route first.

    Without a route, `nearest` leads to the role in reach that asks for what is closest to the goal, if any,
    and `way_back` tells whether moves lead from the goal to where one is.
    """

    from_: str
    to: str
    routes: tuple[Route, ...]
    nearest: Route | None = None
    way_back: bool = False


class Destinations(NamedTuple):
    """The answer to "where can I go from here?": the next moves, and the fastest way beyond them."""

    from_: str
    next_steps: tuple[Step, ...]
    beyond: tuple[Route, ...]


def find_routes(knowledge: Knowledge, origin: Role, goal: Role) -> Routes:
    """Find the fastest routes, by typical months, MAX_ROUTES at most."""
    moves = moves_by_origin(knowledge)
    found = list(islice(fastest_first(moves, origin.key, goal.key), MAX_ROUTES))
    if found:
        return Routes(origin.key, goal.key, tuple(_route(knowledge, route) for route in found))
    reachable = dict(_nearest_first(moves, origin.key))
    nearest = min(reachable, key=lambda key: (_distance(knowledge.roles[key], goal), key), default=None)
    return Routes(
        origin.key,
        goal.key,
        routes=(),
        nearest=_route(knowledge, reachable[nearest]) if nearest is not None else None,
        way_back=any(role == origin.key for role, _ in _nearest_first(moves, goal.key)),
    )


def roles_on_the_way(knowledge: Knowledge, origin: str, goal: str) -> tuple[str, ...]:
    """Return the roles on the fastest route from one to another, both ends included; none if there is no route.

    It stays in the families of the two where a route does.
    """
    moves = moves_by_origin(knowledge)
    families = {knowledge.roles[key].family for key in (origin, goal)}
    near = {
        key: [move for move in some if knowledge.roles[move.to].family in families]
        for key, some in moves.items()
    }
    routes = (next(fastest_first(some, origin, goal), None) for some in (near, moves))
    route = next(filter(None, routes), None)
    return (origin, *(move.to for move in route)) if route else ()


def find_destinations(knowledge: Knowledge, origin: Role) -> Destinations:
    """Find the moves out of a role, by typical months, and the fastest route to every other role in reach."""
    moves = moves_by_origin(knowledge)
    direct = sorted(moves.get(origin.key, ()), key=lambda move: move.months.typical)
    known = {move.to for move in direct}
    beyond = [
        _route(knowledge, route) for role, route in _nearest_first(moves, origin.key) if role not in known
    ]
    next_steps = tuple(_route(knowledge, [move]).steps[0] for move in direct)
    return Destinations(origin.key, next_steps, tuple(beyond))


def moves_by_origin(knowledge: Knowledge) -> dict[str, list[Move]]:
    """Return the moves out of each role that has any."""
    moves: dict[str, list[Move]] = {}
    for move in knowledge.moves:
        moves.setdefault(move.from_, []).append(move)
    return moves


def _typical(move: Move) -> float:
    return move.months.typical


def _nearest_first(
    moves: Mapping[str, Sequence[Move]],
    origin: str,
    months_of: Callable[[Move], float] = _typical,
    closed: Iterable[str] = (),
    barred: Iterable[str] = (),
) -> Iterator[tuple[str, list[Move]]]:
    """Yield each role in reach and the fastest route to it, the nearest role first (Dijkstra 1959).

    Args:
        moves: the moves out of each role.
        origin: where to start.
        months_of: how long a move takes.
        closed: roles that no route may enter.
        barred: roles that the first move may not lead to.

    """
    done = {origin, *closed}
    # Equal times: fewer moves first, then the order of the file.
    order = count()
    queue: list[tuple[float, int, int, list[Move], Move]] = []

    def leave(role: str, months: float, route: list[Move]) -> None:
        for move in moves.get(role, ()):
            if move.to not in done and not (role == origin and move.to in barred):
                later = months + months_of(move)
                heapq.heappush(queue, (later, len(route) + 1, next(order), route, move))

    leave(origin, 0, [])
    while queue:
        months, _, _, before, move = heapq.heappop(queue)
        if move.to not in done:
            done.add(move.to)
            route = [*before, move]
            yield move.to, route
            leave(move.to, months, route)


def fastest_first(
    moves: Mapping[str, Sequence[Move]], origin: str, goal: str, months_of: Callable[[Move], float] = _typical
) -> Iterator[list[Move]]:
    """Yield every route that visits no role twice, the fastest first (Yen 1971)."""
    queue: list[tuple[float, int, tuple[str, ...], list[Move]]] = []
    queued: set[tuple[str, ...]] = set()
    yielded: list[tuple[str, ...]] = []

    def offer(begin: list[Move], closed: Iterable[str], barred: Iterable[str]) -> None:
        """Queue the fastest route with this beginning that goes on to no role of these."""
        last = begin[-1].to if begin else origin
        ways = _nearest_first(moves, last, months_of, closed, barred)
        if rest := next((rest for role, rest in ways if role == goal), None):
            route = [*begin, *rest]
            roles = (origin, *(move.to for move in route))
            if roles not in queued:
                queued.add(roles)
                heapq.heappush(queue, (sum(map(months_of, route)), len(route), roles, route))

    offer([], (), ())
    while queue:
        _, _, roles, route = heapq.heappop(queue)
        yield route
        yielded.append(roles)
        for length in range(len(route)):
            # The same beginning, and then another turn than any route already found took from there.
            start = roles[: length + 1]
            turns = {other[length + 1] for other in yielded if other[: length + 1] == start}
            offer(route[:length], start[:-1], turns)


def _route(knowledge: Knowledge, moves: Sequence[Move]) -> Route:
    origin = knowledge.roles[moves[0].from_]
    levels = {skill: demand.level for skill, demand in origin.requires.items()}
    steps = []
    for move in moves:
        gains = find_gains(levels, knowledge.roles[move.to])
        levels |= {gain.skill: gain.to for gain in gains}
        steps.append(Step(move, gains, span_of(move)))
    return Route(tuple(steps), total(step.months for step in steps))


def span_of(move: Move) -> Span:
    """Return the months that a move takes."""
    return Span(move.months.low, move.months.typical, move.months.high)


def _distance(role: Role, goal: Role) -> float:
    """Return how far a role's levels are from the goal's, weighted as the goal weighs them."""
    levels = {skill: demand.level for skill, demand in role.requires.items()}
    return sum(
        demand.weight * abs(demand.level - levels.get(skill, 0)) for skill, demand in goal.requires.items()
    )
